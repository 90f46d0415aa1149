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
  /** Random pairings of segments behind the p value. */
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
  /** How often segments that are paired at random do as well. */
  readonly p: number;
  readonly segments: number;
}

/** Fisher's z of a correlation this near to 1 or above: a perfect segment must not outweigh all others. */
const MOST = 0.999999;

/**
 * Fisher's z of the correlation of two stretches; NaN with too few points, or where one of the two does not vary. It is
 * what time goes into: plain loops, without an array for two numbers.
 */
function stretchZ(
  a: Float64Array,
  b: Float64Array,
  [fromA, fromB]: readonly [number, number],
  { segment, minShare }: SegmentOptions,
): number {
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  for (let at = 0; at < segment; at++) {
    const x = a[fromA + at]!;
    const y = b[fromB + at]!;
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
  for (let at = 0; at < segment; at++) {
    const x = a[fromA + at]! - meanA;
    const y = b[fromB + at]! - meanB;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  if (squaresA < 1e-12 * n || squaresB < 1e-12 * n) return Number.NaN;
  const r = both / Math.sqrt(squaresA * squaresB);
  return Math.atanh(Math.min(MOST, Math.max(-MOST, r)));
}

/** z of a segment of the first series with one of the second, moved by a lag; NaN where there is none. */
type PairedZ = (one: number, other: number, lag: number) => number;

/** Up to so many segments, z of all their pairs is kept: 10 MB at a lag of 15 points. */
const KEPT_SEGMENTS = 200;
const UNKNOWN = Number.POSITIVE_INFINITY;

function pairedZ(a: Float64Array, b: Float64Array, segments: number, options: SegmentOptions): PairedZ {
  const { segment, lag: reach } = options;
  const compute: PairedZ = (one, other, lag) => {
    const fromB = other * segment + lag;
    return fromB < 0 || fromB + segment > b.length ? Number.NaN : stretchZ(a, b, [one * segment, fromB], options);
  };
  if (segments > KEPT_SEGMENTS) return compute;
  const kept = new Float64Array(segments * segments * (2 * reach + 1)).fill(UNKNOWN);
  return (one, other, lag) => {
    const place = ((lag + reach) * segments + one) * segments + other;
    if (kept[place] === UNKNOWN) kept[place] = compute(one, other, lag);
    return kept[place]!;
  };
}

/** The lag with the highest mean z, and z of each segment there. */
interface Best {
  readonly lag: number;
  readonly zs: readonly number[];
  readonly mean: number;
}

/** Of a pairing of segments; null where no lag has enough segments. */
function best(pairing: Uint32Array, z: PairedZ, { lag: reach, minSegments }: SegmentOptions): Best | null {
  let found: Best | null = null;
  for (let lag = -reach; lag <= reach; lag++) {
    const zs: number[] = [];
    let sum = 0;
    for (let one = 0; one < pairing.length; one++) {
      const each = z(one, pairing[one]!, lag);
      if (Number.isNaN(each)) continue;
      zs.push(each);
      sum += each;
    }
    const mean = sum / zs.length;
    if (zs.length >= minSegments && (found === null || mean > found.mean)) found = { lag, zs, mean };
  }
  return found;
}

/** Puts a pairing in a random order (Fisher and Yates 1938, from the end). */
function shuffle(pairing: Uint32Array, uniform: () => number): void {
  for (let last = pairing.length - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    const kept = pairing[last]!;
    pairing[last] = pairing[other]!;
    pairing[other] = kept;
  }
}

/**
 * Windowed cross-correlation (Boker et al. 2002) of two series on one clock, summed up as its highest mean over segments
 * of all lags, with a test against chance: segments of the two are paired at random, which keeps how each series moves
 * within a segment, and breaks what the two have to do with each other. (Shifts of the whole would be too few of
 * consequence in a short series: all those within a lag of each other say the same.) NaN where a value is missing. Null
 * where too few segments have enough of both.
 *
 * @param seed - of the pairings
 */
export function segmentCorrelation(
  a: Float64Array,
  b: Float64Array,
  options: SegmentOptions,
  seed: number,
): SegmentCorrelation | null {
  const segments = Math.floor(a.length / options.segment);
  const z = pairedZ(a, b, segments, options);
  const pairing = Uint32Array.from({ length: segments }, (_, at) => at);
  const found = best(pairing, z, options);
  if (found === null) return null;
  const uniform = mulberry32(seed);
  let reached = 0;
  for (let n = 0; n < options.surrogates; n++) {
    shuffle(pairing, uniform);
    const chance = best(pairing, z, options);
    if (chance !== null && chance.mean >= found.mean) reached++;
  }
  const { zs, mean, lag } = found;
  const drawn: number[] = [];
  for (const times of resamples(
    zs.map((_, at) => String(at)),
    options.draws,
  )) {
    drawn.push(Math.tanh(zs.reduce((sum, one, at) => sum + one * times[at]!, 0) / zs.length));
  }
  return {
    correlation: Math.tanh(mean),
    interval: spread(drawn, { draws: options.draws, tail: expandedTail(zs.length) }),
    lag,
    p: (1 + reached) / (1 + options.surrogates),
    segments: zs.length,
  };
}
