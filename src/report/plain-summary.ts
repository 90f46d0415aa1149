import type { ActionUnit } from '../domain/action-units.js';
import type { Emotion } from '../domain/affect.js';
import type { Episode, RunSummary } from '../domain/records.js';
import { secondsOf } from '../domain/units.js';
import { clock, duration, percent } from './format.js';

export interface PlainSummaryInput {
  readonly summary: RunSummary;
  readonly durationSeconds: number;
  /** Tracks met, kept in detail or not. */
  readonly tracks: number;
  /** People that the tracks show; null where nobody said who is who. */
  readonly people: number | null;
  /** Seconds in force per emotion, over all tracks; null: none was. */
  readonly labelSeconds: ReadonlyMap<Emotion | null, number>;
  /** Share of the readable time during which each action unit was active, over all tracks, largest first. */
  readonly units: readonly (readonly [unit: ActionUnit, share: number])[];
  readonly episodes: readonly Episode[];
  /** False: the run was asked for movements only. */
  readonly emotions: boolean;
}

/** The report in a few sentences. Who was seen stands apart, as a reader may say later who is who. */
export interface PlainSummary {
  readonly before: string;
  /** "two people were seen", "one face was followed"; empty where nobody was. */
  readonly seen: string;
  readonly after: string;
}

const NUMBERS: Readonly<Record<number, string>> = { 1: 'one', 2: 'two', 3: 'three', 4: 'four' };
const numbered = (items: number, one: string, several: string): string =>
  `${NUMBERS[items] ?? items.toLocaleString('en-US')} ${items === 1 ? one : several}`;

/** Who was seen, in words: people where it is known who is who, else tracks. */
export function seenWords({ people, tracks }: Pick<PlainSummaryInput, 'people' | 'tracks'>): string {
  const verb = (people ?? tracks) === 1 ? 'was' : 'were';
  if (people === null) return `${numbered(tracks, 'face', 'faces')} ${verb} followed`;
  return people === 0 ? 'nobody of interest was seen' : `${numbered(people, 'person', 'people')} ${verb} seen`;
}

/** The report in a few sentences, from the data alone. */
export function plainSummary(input: PlainSummaryInput): PlainSummary {
  const told = expressions(input);
  const units = movements(input);
  return units === '' ? told : { ...told, after: `${told.after} ${units}` };
}

/** The action units that were active longest, or nothing. */
function movements({ units, summary, tracks }: PlainSummaryInput): string {
  if (summary.frames === 0 || tracks === 0 || summary.coverage.ok === 0) return '';
  const named = units
    .slice(0, 3)
    .map(
      ([{ code, name }, share], at) => `${code} ${name} (${percent(share)}${at === 0 ? ' of the readable time' : ''})`,
    );
  const last = named.pop();
  if (last === undefined) return '';
  const list = named.length === 0 ? last : `${named.join(', ')} and ${last}`;
  return `The longest active facial ${named.length === 0 ? 'movement was' : 'movements were'} ${list}.`;
}

const unseen = (before: string): PlainSummary => ({ before, seen: '', after: '' });

function expressions(input: PlainSummaryInput): PlainSummary {
  const { summary } = input;
  const length = duration(input.durationSeconds);
  const readable = summary.frames > 0 ? summary.coverage.ok / summary.frames : 0;
  if (summary.frames === 0) return unseen('No frame of this video could be analysed.');
  if (input.tracks === 0) return unseen(`No face was found in this ${length} video.`);
  const seen = seenWords(input);
  if (readable === 0) return { before: `In this ${length} video `, seen, after: ', but never well enough to be read.' };
  const before = `A face could be read in ${percent(readable)} of this ${length} video, in which `;
  return { before, seen, after: expressionWords(input) };
}

/** What follows on who was seen: which expressions were visible. */
function expressionWords({ emotions, labelSeconds, episodes }: PlainSummaryInput): string {
  if (!emotions) return '. No emotion was inferred: the run was asked for movements of the face only (au-only).';
  const total = [...labelSeconds.values()].reduce((sum, seconds) => sum + seconds, 0);
  const ranked = [...labelSeconds]
    .filter((entry): entry is [Emotion, number] => entry[0] !== null && entry[1] > 0)
    .sort((a, b) => b[1] - a[1]);
  const main = ranked[0];
  if (!main) return '; no expression was held long enough to be named.';
  const second = ranked.find(([emotion]) => emotion !== main[0] && emotion !== 'neutral');
  const shown = `; the visible expression was ${main[1] / total > 0.5 ? 'mostly' : 'most often'} ${main[0]} (${percent(main[1] / total)} of that time)`;
  if (!second) return `${shown}.`;
  return `${shown}, then ${second[0]} (${percent(second[1] / total)})${clearest(second[0], episodes)}.`;
}

function clearest(emotion: Emotion, episodes: readonly Episode[]): string {
  const best = episodes
    .filter((episode) => episode.kind === 'emotion' && episode.label === emotion)
    .sort((a, b) => b.peak - a.peak)[0];
  return best ? `, clearest at ${clock(secondsOf(best.apexUs))}` : '';
}
