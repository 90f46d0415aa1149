import { icc } from '../../statistics/icc.js';

/** Scores of pictures, and whether the coder saw the unit; how often each counts (1 unless drawn anew). */
export interface Scored {
  readonly scores: readonly number[];
  readonly present: readonly boolean[];
}

/** Area under the ROC curve, ties counted half, as a function of how often each picture counts; NaN with one class only. */
export function aucOf({ scores, present }: Scored): (times: ArrayLike<number> | null) => number {
  const order = scores.map((_, at) => at).sort((a, b) => scores[a]! - scores[b]!);
  return (times) => {
    let [wins, positives, negatives] = [0, 0, 0];
    for (let start = 0; start < order.length; ) {
      let [hits, misses] = [0, 0];
      const score = scores[order[start]!]!;
      for (; start < order.length && scores[order[start]!] === score; start++) {
        const at = order[start]!;
        const count = times?.[at] ?? 1;
        if (present[at]) hits += count;
        else misses += count;
      }
      wins += hits * (negatives + misses / 2);
      positives += hits;
      negatives += misses;
    }
    return positives === 0 || negatives === 0 ? Number.NaN : wins / (positives * negatives);
  };
}

/** Agreement of two raters, ICC(3,1): consistency, two-way mixed, single measures (Shrout & Fleiss 1979). NaN of fewer than two, or where neither varies. */
export const icc31 = (a: readonly number[], b: readonly number[]): number =>
  icc(a.map((value, at) => [value, b[at]!]))?.consistency ?? Number.NaN;

/** Mean absolute error; NaN of none. */
export function meanAbsoluteError(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length;
}
