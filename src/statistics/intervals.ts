import { mulberry32 } from './random.js';

/** Ends of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

const Z = 1.959964;

/** Interval of a share after Wilson (1927): holds its level for few cases and near 0 and 1. Null of none. */
export function wilson(part: number, whole: number): Interval | null {
  if (whole === 0) return null;
  const share = part / whole;
  const scale = 1 + Z ** 2 / whole;
  const middle = (share + Z ** 2 / (2 * whole)) / scale;
  const half = (Z * Math.sqrt((share * (1 - share)) / whole + Z ** 2 / (4 * whole ** 2))) / scale;
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** A share of some, with its 95 % interval after Wilson; null of none. */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
  readonly interval: Interval | null;
}

export function shareOf(count: number, of: number): Share {
  return { count, of, share: of === 0 ? null : count / of, interval: wilson(count, of) };
}

const DRAWS = 400;

/**
 * How often each item counts in each of 400 samples, or of as many as are asked for, drawn with replacement. Items of one
 * cluster are drawn together: pictures of one person are no independent evidence. The same clusters give the same samples.
 */
export function* resamples(clusters: readonly string[], draws = DRAWS): Generator<Uint16Array> {
  const names = [...new Set(clusters)];
  const numbers = new Map(names.map((name, index) => [name, index]));
  const cluster = Uint32Array.from(clusters, (name) => numbers.get(name)!);
  const uniform = mulberry32(1);
  for (let draw = 0; draw < draws; draw++) {
    const times = new Uint16Array(names.length);
    for (let n = 0; n < names.length; n++) times[Math.floor(uniform() * names.length)]! += 1;
    yield Uint16Array.from(cluster, (index) => times[index]!);
  }
}

/** How an interval is taken from resamples. */
export interface SpreadOptions {
  /** Number of resamples. @default 400 */
  readonly draws?: number;
  /** Share of them that is left out at either end; `expandedTail` widens intervals of few units. @default 0.025 */
  readonly tail?: number;
}

/** Interval of a number from its values in resamples, NaN left out; null when it has a value in fewer than half of them. */
export function spread(
  values: ArrayLike<number>,
  { draws = DRAWS, tail = 0.025 }: SpreadOptions = {},
): Interval | null {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (sorted.length < draws / 2) return null;
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return [at(tail), at(1 - tail)];
}
