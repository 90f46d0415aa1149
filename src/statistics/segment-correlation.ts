import { expandedTail } from './expanded-tail.js';
import { type Interval, resamples, spread } from './intervals.js';
import { mulberry32 } from './random.js';

/** How two series are compared: all lengths in points of both. */
export interface SegmentOptions {
  /** Correlations are of segments this long, one after the other. */
  readonly segment: number;
  /** The second series is moved by at most this, either way. */
  readonly lag: number;
  /** A segment needs this share of points at which both have a value, */
  readonly minShare: number;
  /** and a lag so many segments. */
  readonly minSegments: number;
  /** Random shifts behind the p value. */
  readonly surrogates: number;
  /** Resamples of the segments behind the interval. */
  readonly draws: number;
}

/** How alike two series move. */
export interface SegmentCorrelation {
  /** Highest mean correlation over segments, of all lags; by Fisher's z. */
  readonly correlation: number;
  /** Over segments, at that lag. */
  readonly interval: Interval | null;
  /** Points by which the second series comes after the first. */
  readonly lag: number;
  /** How often a random circular shift of the second series does as well. */
  readonly p: number;
  readonly segments: number;
}

/** Fisher's z of a correlation this near to 1 or above: a perfect segment must not outweigh all others. */
const MOST = 0.999999;

/**
 * Fisher's z of the correlation of a segment; NaN with too few points, or where one of the two does not vary. It is what
 * time goes into: plain loops, without an array for two numbers.
 */
function segmentZ(a: Float64Array, b: Float64Array, from: number, lag: number, options: SegmentOptions): number {
  const { segment, minShare } = options;
  const end = from + segment;
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  for (let at = from; at < end; at++) {
    const x = a[at]!;
    const y = b[at + lag]!;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    n++;
    sumA += x;
    sumB += y;
  }
  if (n < minShare * segment) return Number.NaN;
  const meanA = sumA / n;
  const meanB = sumB / n;
  let both = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let at = from; at < end; at++) {
    const x = a[at]! - meanA;
    const y = b[at + lag]! - meanB;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  if (squaresA < 1e-12 * n || squaresB < 1e-12 * n) return Number.NaN;
  const r = both / Math.sqrt(squaresA * squaresB);
  return Math.atanh(Math.min(MOST, Math.max(-MOST, r)));
}

/** z of each segment at a lag, of those that have one. */
function zAt(a: Float64Array, b: Float64Array, lag: number, options: SegmentOptions): number[] {
  const zs: number[] = [];
  for (let from = 0; from + options.segment <= a.length; from += options.segment) {
    if (from + lag < 0 || from + lag + options.segment > b.length) continue;
    const z = segmentZ(a, b, from, lag, options);
    if (!Number.isNaN(z)) zs.push(z);
  }
  return zs;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The lag with the highest mean z; null where no lag has enough segments. */
function best(
  a: Float64Array,
  b: Float64Array,
  options: SegmentOptions,
): { lag: number; zs: number[]; z: number } | null {
  let found: { lag: number; zs: number[]; z: number } | null = null;
  for (let lag = -options.lag; lag <= options.lag; lag++) {
    const zs = zAt(a, b, lag, options);
    if (zs.length < options.minSegments) continue;
    const z = meanOf(zs);
    if (found === null || z > found.z) found = { lag, zs, z };
  }
  return found;
}

function shifted(values: Float64Array, by: number): Float64Array {
  return values.map((_, at) => values[(at + by) % values.length]!);
}

/**
 * Windowed cross-correlation (Boker et al. 2002) of two series on one clock, summed up as its highest mean over segments,
 * with a test against circular shifts of the second series: those keep how each series moves by itself, and break what
 * they have to do with each other. NaN where a value is missing. Null where too few segments have enough of both.
 *
 * @param seed - of the shifts
 */
export function segmentCorrelation(
  a: Float64Array,
  b: Float64Array,
  options: SegmentOptions,
  seed: number,
): SegmentCorrelation | null {
  // A shift must be longer than what lags reach, in both directions around the circle.
  const least = options.segment + options.lag;
  const choices = b.length - 2 * least + 1;
  const found = choices < 2 ? null : best(a, b, options);
  if (found === null) return null;
  const uniform = mulberry32(seed);
  let reached = 0;
  for (let n = 0; n < options.surrogates; n++) {
    const moved = shifted(b, least + Math.floor(uniform() * choices));
    const chance = best(a, moved, options);
    if (chance !== null && chance.z >= found.z) reached++;
  }
  const { zs, z, lag } = found;
  const drawn: number[] = [];
  for (const times of resamples(
    zs.map((_, at) => String(at)),
    options.draws,
  )) {
    drawn.push(Math.tanh(zs.reduce((sum, one, at) => sum + one * times[at]!, 0) / zs.length));
  }
  return {
    correlation: Math.tanh(z),
    interval: spread(drawn, { draws: options.draws, tail: expandedTail(zs.length) }),
    lag,
    p: (1 + reached) / (1 + options.surrogates),
    segments: zs.length,
  };
}
