import { loadConfig } from '../config/load.js';
import { counted } from '../domain/counted.js';
import { firingWords } from '../domain/firing-words.js';
import type { Rule, RuleFiring } from '../domain/rules.js';
import { readRecording } from '../rules/read-recording.js';
import { RuleEvaluator } from '../rules/rule-evaluator.js';
import type { RulesTestFlags } from './rules-test-flags.js';

interface Tested {
  frames: number;
  fired: number;
  readonly sources: Set<string>;
  withoutWallTime: boolean;
}

/** Replays a recording against the rules of a configuration. Throws what reading either throws. */
export async function testRules(
  recording: string,
  { config: file, camera, start, json, quiet }: RulesTestFlags,
  write: (text: string) => void,
): Promise<void> {
  const { rules } = await loadConfig({ file, env: process.env, secrets: 'skip' });
  const evaluator = new RuleEvaluator(rules);
  const tested: Tested = { frames: 0, fired: 0, sources: new Set(), withoutWallTime: false };
  const tell = (firings: readonly RuleFiring[]): void => {
    for (const firing of firings) {
      if (firing.phase === 'start') tested.fired++;
      if (json) write(`${JSON.stringify({ type: 'rule', firing })}\n`);
      else if (!quiet) write(`${firingLine(firing)}\n`);
    }
  };
  for await (const frame of readRecording(recording, { camera, startMs: start ?? null })) {
    tested.frames++;
    tested.sources.add(frame.source);
    if (frame.wallTimeMs === null) tested.withoutWallTime = true;
    tell(evaluator.frame(frame));
  }
  // As live: what goes on when frames end has ended.
  for (const source of tested.sources) tell(evaluator.silent(source));
  const notes = notesOf(rules, tested);
  const { frames, fired } = tested;
  if (json) write(`${JSON.stringify({ type: 'end', frames, rules: rules.length, fired, notes })}\n`);
  else if (!quiet) {
    for (const note of notes) write(`note: ${note}\n`);
    write(`${counted(frames, 'frame')}, ${counted(rules.length, 'rule')}: fired ${counted(fired, 'time')}\n`);
  }
}

/** "door  12.480 s  rule smiles fired: face 3, 0.83 (since 11.440 s)" */
function firingLine(firing: RuleFiring): string {
  const { source, phase, onsetUs, firedUs, endedUs } = firing;
  const at = seconds(phase === 'start' ? firedUs : endedUs);
  const since = phase === 'start' ? ` (since ${seconds(onsetUs)})` : '';
  return `${source}  ${at}  ${firingWords(firing)}${since}`;
}

const seconds = (us: number | null): string => `${((us ?? 0) / 1e6).toFixed(3)} s`;

/** What of the rules a recording cannot show. */
function notesOf(rules: readonly Rule[], { sources, withoutWallTime }: Tested): string[] {
  return rules.flatMap(({ id, cameras, when, hours }) => {
    const note = (text: string): string[] => [`rule ${id} ${text}`];
    if (when.type === 'camera') return note('waits for trouble at a camera, which recordings do not hold');
    if (sources.size > 0 && cameras !== null && !cameras.some((camera) => sources.has(camera))) {
      return note(`is for ${cameras.join(', ')}, not for ${[...sources].join(', ')}; take it for one with --camera`);
    }
    return hours !== null && withoutWallTime
      ? note('is bound to hours, which did not count: the recording has no wall times; say when it began with --start')
      : [];
  });
}
