import { personFinder, personWords } from '../../../src/domain/people.js';
import { micros } from '../../../src/domain/units.js';
import type { PeopleData, ReportData } from '../../../src/report/report-data.js';

/** Time of the video, microseconds. */
export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
}

/** When one person is in view and when they speak. */
export interface Speaker {
  readonly name: string;
  readonly seen: readonly Stretch[];
  readonly turns: readonly Stretch[];
}

/** A turn that a cut divides goes on in another track of the same person after at most so long. */
const SAME_TURN_US = 5e5;

function united(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.fromUs - b.fromUs)) {
    const last = result.at(-1);
    if (last && stretch.fromUs - last.toUs <= SAME_TURN_US)
      result[result.length - 1] = { fromUs: last.fromUs, toUs: Math.max(last.toUs, stretch.toUs) };
    else result.push(stretch);
  }
  return result;
}

/** Who speaks when, by person as they are numbered, or by track where the page says nothing of people. Nobody of interest is left out. */
export function speakersOf(
  { tracks, episodes }: Pick<ReportData, 'tracks' | 'episodes'>,
  people: PeopleData | null,
): Speaker[] {
  const at = people ? personFinder(people) : null;
  const nameOf = (track: number, us: number): string | null => {
    if (!at) return `Face ${track}`;
    const person = at(track, micros(us));
    return person && personWords(person);
  };
  const order = people?.people.map(personWords) ?? tracks.map(({ id }) => `Face ${id}`);
  const stretchesOf = (name: string, all: readonly (Stretch & { readonly track: number })[]): Stretch[] =>
    united(all.filter(({ track, fromUs }) => nameOf(track, fromUs) === name));
  const seen = tracks.map(({ id, firstUs, lastUs }) => ({ track: id, fromUs: firstUs, toUs: lastUs }));
  const turns = episodes
    .filter(({ kind }) => kind === 'speech')
    .map(({ track, onsetUs, offsetUs }) => ({ track, fromUs: onsetUs, toUs: offsetUs }));
  return order
    .map((name) => ({ name, seen: stretchesOf(name, seen), turns: stretchesOf(name, turns) }))
    .filter((speaker) => speaker.seen.length > 0);
}

/** "12.4 s in 5 turns". */
export function turnsText({ turns }: Pick<Speaker, 'turns'>): string {
  if (turns.length === 0) return 'not heard';
  const seconds = turns.reduce((sum, { fromUs, toUs }) => sum + (toUs - fromUs) / 1e6, 0);
  return `${seconds.toFixed(1)} s in ${turns.length} ${turns.length === 1 ? 'turn' : 'turns'}`;
}
