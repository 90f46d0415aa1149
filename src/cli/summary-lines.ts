import { counted } from '../domain/counted.js';
import { MEASURED } from '../domain/insight.js';
import type { RunSummary } from '../domain/records.js';
import type { AskOutcome } from '../mllm/recorded-questions.js';
import type { OutputName } from '../outputs/outputs.js';

/** "2 people in 3 face tracks", "1 person"; "1 face track" where nobody looked who it is. */
function tracksText(tracks: number, people: number | null): string {
  const text = counted(tracks, 'face track');
  if (people === null || tracks === 0) return text;
  const persons = counted(people, 'person', 'people');
  return people === tracks ? persons : `${persons} in ${text}`;
}

/** What a person reads when a run is over. */
export function summaryLines(run: {
  readonly name: string;
  readonly dir: string;
  readonly seconds: number;
  readonly summary: RunSummary;
  /** How many people the tracks show; null where nobody looked. */
  readonly people: number | null;
  readonly outputs: ReadonlyMap<OutputName, readonly string[]>;
  readonly notes: readonly string[];
  readonly asked: AskOutcome | null;
  /** Words are wanted here, too. */
  readonly words: boolean;
}): string[] {
  const { summary } = run;
  const valid = summary.frames > 0 ? (100 * summary.coverage.ok) / summary.frames : 0;
  const fps = run.seconds > 0 ? summary.frames / run.seconds : 0;
  // A file that broke off was not read whole: its share is one of what could be read.
  const share = `a valid face in ${valid.toFixed(1)} % of ${summary.status === 'complete' ? 'frames' : 'the frames that were read'}`;
  const lines = [
    `${run.name}: ${counted(summary.frames, 'frame')} in ${run.seconds.toFixed(1)} s (${fps.toFixed(0)} fps), ` +
      `${tracksText(summary.tracks, run.people)}, ${counted(summary.episodes, 'episode')}, ${share}${ENDS[summary.status]}`,
  ];
  const missed = Object.entries(summary.coverage).filter(([validity, frames]) => validity !== 'ok' && frames > 0);
  if (missed.length > 0)
    lines.push(`  without: ${missed.map(([validity, frames]) => `${validity} ${frames}`).join(', ')}`);
  for (const note of summary.notes) lines.push(`  noticed: ${note}`);
  if (run.asked) {
    const { insights, dropped, lastFailure } = run.asked;
    const lost =
      dropped > 0
        ? `, ${counted(dropped, 'question')} without an answer (${lastFailure ?? 'the run was stopped'})`
        : '';
    const author = run.asked.engine === MEASURED ? 'words from the measurements' : 'language model';
    lines.push(`  ${author}: ${counted(insights, 'insight')}${lost}`);
    if (run.words) lines.push(...spokenLines(run.asked));
  }
  for (const note of run.notes) lines.push(`  note: ${note}`);
  const report = run.outputs.get('report')?.[0];
  lines.push(`  results: ${run.dir}${report === undefined ? '' : `, report: ${report}`}`);
  return lines;
}

/** What was said of each face, the moment first; whose words they are, and what they are worth, last. */
function spokenLines({ spoken, engine }: AskOutcome): string[] {
  const lines = spoken.map(({ track, ptsUs, description, reasoning }) => {
    const words = [description, reasoning].filter((text) => text !== null).join(' ');
    return `    face ${track} at ${(ptsUs / 1e6).toFixed(1)} s: ${words}`;
  });
  if (lines.length > 0 && engine === MEASURED)
    lines.push('    (made from the measurements by a template, not by a model: they repeat what was measured)');
  return lines;
}

const ENDS = { complete: '', interrupted: '; interrupted', damaged: '; the rest is damaged' } as const;
