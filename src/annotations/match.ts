import type { Micros } from '../domain/units.js';

/** A stretch of time. */
export interface Span {
  readonly onsetUs: Micros;
  readonly offsetUs: Micros;
}

/** Time that two have in common, as a share of the time that either has (intersection over union). */
export function overlapOf(a: Span, b: Span): number {
  const common = Math.min(a.offsetUs, b.offsetUs) - Math.max(a.onsetUs, b.onsetUs);
  if (common <= 0) return 0;
  return common / (Math.max(a.offsetUs, b.offsetUs) - Math.min(a.onsetUs, b.onsetUs));
}

/** Two that are the same event. */
export interface Match<A, B> {
  readonly a: A;
  readonly b: B;
  readonly overlap: number;
}

/**
 * Pairs of two lists, each in at most one: those that overlap most come first. Only pairs that overlap at least by `least`, and by
 * more than nothing.
 */
export function matched<A extends Span, B extends Span>(
  listA: readonly A[],
  listB: readonly B[],
  { least = 0, may = () => true }: { readonly least?: number; readonly may?: (a: A, b: B) => boolean } = {},
): Match<A, B>[] {
  const sortedB = [...listB].sort((x, y) => x.onsetUs - y.onsetUs);
  const longestUs = Math.max(0, ...sortedB.map(({ onsetUs, offsetUs }) => offsetUs - onsetUs));
  const pairs: Match<A, B>[] = [];
  for (const a of listA)
    for (let at = firstFrom(sortedB, a.onsetUs - longestUs); at < sortedB.length; at++) {
      const b = sortedB[at]!;
      if (b.onsetUs >= a.offsetUs) break;
      const overlap = overlapOf(a, b);
      if (overlap > 0 && overlap >= least && may(a, b)) pairs.push({ a, b, overlap });
    }
  pairs.sort((x, y) => y.overlap - x.overlap || x.a.onsetUs - y.a.onsetUs || x.b.onsetUs - y.b.onsetUs);
  const [takenA, takenB] = [new Set<A>(), new Set<B>()];
  return pairs.filter(({ a, b }) => {
    if (takenA.has(a) || takenB.has(b)) return false;
    takenA.add(a);
    takenB.add(b);
    return true;
  });
}

/** Index of the first that begins at or after a time. */
function firstFrom(sorted: readonly Span[], at: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.onsetUs < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
