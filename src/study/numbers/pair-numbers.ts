import {
  type SegmentCorrelation,
  type SegmentOptions,
  segmentCorrelation,
} from '../../statistics/segment-correlation.js';
import { firstFrom } from './counted-frames.js';
import type { NumberOptions } from './number-options.js';
import type { PersonSeries } from './person-series.js';
import { valueAt } from './signals.js';
import { framesOutside, type StudyWindow } from './study-windows.js';

/** Seed of the random pairings that synchrony is tested against. */
const PAIRING_SEED = 1;

/** Synchrony of two people in one signal and window. */
export interface PairNumber {
  readonly signal: string;
  /** Null where too few segments have readings of both that vary. */
  readonly found: SegmentCorrelation | null;
  /** Time in which both have readings, and that the window asks about, microseconds. */
  readonly knownUs: number;
  readonly windowUs: number;
}

type Range = { readonly fromUs: number; readonly toUs: number };

/** Means of a signal in cells of a window; NaN in cells without a reading. */
export function gridOf(
  { timeUs, weightUs, signals }: PersonSeries,
  {
    signal,
    window,
    counts,
    stepUs,
  }: {
    readonly signal: string;
    readonly window: Range;
    readonly counts: Uint8Array;
    readonly stepUs: number;
  },
): Float64Array {
  const values = signals.get(signal)!;
  const cells = Math.floor((window.toUs - window.fromUs) / stepUs);
  const [sums, weights] = [new Float64Array(cells), new Float64Array(cells)];
  for (let at = firstFrom(timeUs, window.fromUs); at < timeUs.length && timeUs[at]! < window.toUs; at++) {
    const cell = Math.floor((timeUs[at]! - window.fromUs) / stepUs);
    const value = valueAt(values, at);
    if (counts[at] === 0 || cell >= cells || Number.isNaN(value)) continue;
    sums[cell]! += weightUs[at]! * value;
    weights[cell]! += weightUs[at]!;
  }
  return sums.map((sum, cell) => sum / weights[cell]!);
}

/** The options of synchrony in points of its grid. */
export function segmentOptions({ synchrony, draws }: NumberOptions): SegmentOptions {
  const { stepSeconds, segmentSeconds, lagSeconds, minShare, minSegments, surrogates } = synchrony;
  const points = (seconds: number): number => Math.round(seconds / stepSeconds);
  return { segment: points(segmentSeconds), lag: points(lagSeconds), minShare, minSegments, surrogates, draws };
}

/** Synchrony of two people of a session in each signal. */
export function* pairNumbers(
  pair: readonly [PersonSeries, PersonSeries],
  {
    window,
    windowUs,
    excluded,
    signals,
    options,
  }: {
    readonly window: StudyWindow;
    /** Without what is excluded. */
    readonly windowUs: number;
    readonly excluded: readonly Range[];
    readonly signals: readonly string[];
    readonly options: NumberOptions;
  },
): Generator<PairNumber> {
  const stepUs = options.synchrony.stepSeconds * 1e6;
  const counts = pair.map(({ timeUs }) => framesOutside(timeUs, excluded));
  for (const signal of signals) {
    const [a, b] = pair.map((series, at) => gridOf(series, { signal, window, counts: counts[at]!, stepUs })) as [
      Float64Array,
      Float64Array,
    ];
    const known = a.reduce((n, value, at) => n + (Number.isNaN(value) || Number.isNaN(b[at]!) ? 0 : 1), 0);
    const found = segmentCorrelation(a, b, segmentOptions(options), PAIRING_SEED);
    yield { signal, found, knownUs: known * stepUs, windowUs };
  }
}
