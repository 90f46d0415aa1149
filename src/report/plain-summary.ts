import type { ActionUnit } from '../domain/action-units.js';
import type { Emotion } from '../domain/affect.js';
import type { Episode, RunSummary } from '../domain/records.js';
import { secondsOf } from '../domain/units.js';
import { clock, count, duration, percent } from './format.js';

export interface PlainSummaryInput {
  readonly summary: RunSummary;
  readonly durationSeconds: number;
  /** Tracks met, kept in detail or not. */
  readonly tracks: number;
  /** Seconds in force per emotion, over all tracks; null: none was. */
  readonly labelSeconds: ReadonlyMap<Emotion | null, number>;
  /** Share of the readable time during which each action unit was active, over all tracks, largest first. */
  readonly units: readonly (readonly [unit: ActionUnit, share: number])[];
  readonly episodes: readonly Episode[];
  /** False: the run was asked for movements only. */
  readonly emotions: boolean;
}

const NAMES: Readonly<Record<number, string>> = { 1: 'one face', 2: 'two faces', 3: 'three faces', 4: 'four faces' };

const faces = (tracks: number): string => NAMES[tracks] ?? count(tracks, 'face');

/** The report in a few sentences, from the data alone. */
export function plainSummary(input: PlainSummaryInput): string {
  const units = movements(input);
  return units === '' ? expressions(input) : `${expressions(input)} ${units}`;
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

function expressions(input: PlainSummaryInput): string {
  const { summary } = input;
  const length = duration(input.durationSeconds);
  const readable = summary.frames > 0 ? summary.coverage.ok / summary.frames : 0;
  if (summary.frames === 0) return 'No frame of this video could be analysed.';
  if (input.tracks === 0) return `No face was found in this ${length} video.`;
  if (readable === 0)
    return `${capital(faces(input.tracks))} appeared in this ${length} video, but never well enough to be read.`;

  const total = [...input.labelSeconds.values()].reduce((sum, seconds) => sum + seconds, 0);
  const ranked = [...input.labelSeconds]
    .filter((entry): entry is [Emotion, number] => entry[0] !== null && entry[1] > 0)
    .sort((a, b) => b[1] - a[1]);
  const start = `A face could be read in ${percent(readable)} of this ${length} video, in which ${faces(input.tracks)} ${
    input.tracks === 1 ? 'was' : 'were'
  } followed`;
  if (!input.emotions)
    return `${start}. No emotion was inferred: the run was asked for movements of the face only (au-only).`;
  const main = ranked[0];
  if (!main) return `${start}; no expression was held long enough to be named.`;
  const second = ranked.find(([emotion]) => emotion !== main[0] && emotion !== 'neutral');
  const shown = `the visible expression was ${main[1] / total > 0.5 ? 'mostly' : 'most often'} ${main[0]} (${percent(main[1] / total)} of that time)`;
  if (!second) return `${start}; ${shown}.`;
  return `${start}; ${shown}, then ${second[0]} (${percent(second[1] / total)})${clearest(second[0], input.episodes)}.`;
}

function clearest(emotion: Emotion, episodes: readonly Episode[]): string {
  const best = episodes
    .filter((episode) => episode.kind === 'emotion' && episode.label === emotion)
    .sort((a, b) => b.peak - a.peak)[0];
  return best ? `, clearest at ${clock(secondsOf(best.apexUs))}` : '';
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
