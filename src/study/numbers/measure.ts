import type { Reference, WindowKind } from './number-row.js';
import type { PersonEpisode } from './person-series.js';

/** How a measure comes from its signal or its episodes; `KIND_WORDS` says it in words. */
export type MeasureKind = keyof typeof KIND_WORDS;

/** How each kind of measure is made, for the codebook. */
export const KIND_WORDS = {
  mean: 'mean over time; each frame counts for the time it stands for',
  share: 'share of the time with readings',
  deviation: 'standard deviation over time',
  rate: 'episodes that began in the window, per minute with readings',
  length: 'mean length of the episodes that began in the window, to their own end',
  count: 'episodes that began in the window',
  latency: 'from the begin of the marker to the first onset in it',
  apex: 'highest value in the marker',
  'apex-time': 'from the begin of the marker to the first frame with the highest value',
  synchrony:
    'highest mean correlation (over segments, by Fisher’s z) of the two people’s signals over all lags; positive: they move together',
  'synchrony-lag': 'lag of that correlation; positive: the partner follows',
  'synchrony-p': 'share of random pairings of the two people’s segments that reach it',
} as const;

/** Kinds that have no interval: of single events, counts, and what a test says. */
export const WITHOUT_INTERVAL: ReadonlySet<MeasureKind> = new Set([
  'count',
  'latency',
  'apex',
  'apex-time',
  'synchrony-lag',
  'synchrony-p',
]);

/** A measure, declared once: rows, codebook and documents follow from it. */
export interface Measure {
  readonly name: string;
  readonly kind: MeasureKind;
  readonly about: string;
  readonly unit: string;
  readonly range: string;
  /** Fields of the results that it is made of. */
  readonly source: string;
  /** Signal that it is made of; of episodes, the one whose readings say when an episode could have been seen. */
  readonly signal: string;
  /** Of kind `share`: the least value that counts, and the highest. */
  readonly from?: number;
  readonly to?: number;
  /** Of episodes: which. */
  readonly episodes?: Pick<PersonEpisode, 'kind' | 'label'>;
  /** What the signal, or the microseconds, are multiplied with. */
  readonly scale: number;
  readonly windows: readonly WindowKind[];
  /** What it is told relative to besides, where that exists: the first of these that does. */
  readonly relative: readonly Exclude<Reference, 'raw'>[];
}
