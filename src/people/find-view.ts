import type { DetailSizes } from './details.js';
import { agreement, bestPlaces, type Place } from './match-details.js';

/** Where a picture lies in another one of the same camera: x there = scale * x here + x, pixels of the working frame; so y. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const SAME_VIEW: View = { scale: 1, x: 0, y: 0 };

/** A view of a view. */
export const within = (outer: View, inner: View): View => ({
  scale: outer.scale * inner.scale,
  x: outer.scale * inner.x + outer.x,
  y: outer.scale * inner.y + outer.y,
});

export const inverse = ({ scale, x, y }: View): View => ({ scale: 1 / scale, x: -x / scale, y: -y / scale });

/** How much closer one picture may be than the other, after a cut and while the camera moves; and the step in which sizes are tried. */
const MOST_ZOOM = { cut: 3, move: 1.3 } as const;
const ZOOM_STEP = 1.13;
/** How far the middle of one may be from that of the other, in sides of the larger picture. */
const MOST_SHIFT = { cut: 1, move: 1 / 6 } as const;
/** First look: share of the cells along a side. */
const COARSE = 1 / 3;
/** Best places of the first look that are looked at closely, and the sizes tried around each. */
const LOOKED_AT = 3;
const CLOSER_SIZES = [0.93, 0.965, 1, 1.035, 1.07] as const;
/** Cells to each side of such a place that are tried. */
const CLOSER_REACH = 2;
/** Only one row in so many of a whole picture is compared where that tells already that a place agrees by so much less than it would have to. */
const SKIMMED_ROWS = 3;
const SKIMMED_MARGIN = 0.15;
/** From this agreement of details beside people on it is the same place. */
const SAME_PLACE = 0.6;
/** Some cells aside the details must agree by so much less: long edges agree with themselves wherever they are moved along. */
const ASIDE = 6;
const LEAST_FALL = 0.2;

/** A place of the small picture, shrunk by `size`, in the large one. */
interface Found extends Place {
  readonly size: number;
}

/** Looks closely around a place found from afar: other sizes, and some cells to each side. */
function closer(large: DetailSizes, small: DetailSizes, rough: Found): Found | null {
  let best: Found | null = null;
  let needed: number = SAME_PLACE;
  for (const zoom of CLOSER_SIZES) {
    const size = Math.min(1, rough.size * zoom);
    const [there, here] = [large.at(1), small.at(size)];
    const step = Math.max(1, Math.round(SKIMMED_ROWS * size));
    const middle = Math.round(rough.left / COARSE + (small.columns / 2) * (rough.size - size));
    const level = Math.round(rough.top / COARSE + (small.rows / 2) * (rough.size - size));
    for (let top = level - CLOSER_REACH; top <= level + CLOSER_REACH; top++)
      for (let left = middle - CLOSER_REACH; left <= middle + CLOSER_REACH; left++) {
        if (agreement(there, here, left, top, step) < needed - SKIMMED_MARGIN) continue;
        const score = agreement(there, here, left, top);
        if (score < needed) continue;
        best = { left, top, score, size };
        needed = score;
      }
  }
  return best;
}

/** The picture as it is: what moved was in front of the camera. */
function unmoved(large: DetailSizes, small: DetailSizes): Found | null {
  const score = agreement(large.at(1), small.at(1), 0, 0);
  return score >= SAME_PLACE ? { left: 0, top: 0, size: 1, score } : null;
}

/** Whether details agree clearly less to every side of a place. */
function isCertain(large: DetailSizes, small: DetailSizes, { left, top, size, score }: Found): boolean {
  const aside = [
    [ASIDE, 0],
    [-ASIDE, 0],
    [0, ASIDE],
    [0, -ASIDE],
  ] as const;
  return aside.every(([dx, dy]) => agreement(large.at(1), small.at(size), left + dx, top + dy) <= score - LEAST_FALL);
}

type After = keyof typeof MOST_ZOOM;

/** Where `small`, which shows a part of what `large` shows, lies in it. */
function findPart(large: DetailSizes, small: DetailSizes, sizes: readonly number[], after: After): Found | null {
  const smalls = sizes.map((size) => small.at(COARSE * size));
  const rough = bestPlaces(large.at(COARSE), smalls, { most: LOOKED_AT, reach: MOST_SHIFT[after] });
  const [best] = rough
    .flatMap((place) => closer(large, small, { ...place, size: sizes[smalls.indexOf(place.of)]! }) ?? [])
    .sort((a, b) => b.score - a.score);
  return best && isCertain(large, small, best) ? best : null;
}

const sizesOf = (most: number): readonly number[] =>
  Array.from({ length: Math.ceil(Math.log(most) / Math.log(ZOOM_STEP)) + 1 }, (_, step) => ZOOM_STEP ** -step);
const SIZES = { cut: sizesOf(MOST_ZOOM.cut), move: sizesOf(MOST_ZOOM.move) } as const;

/**
 * Where a picture lies in an earlier one of the same camera that was moved or zoomed: found by what both show beside people. Null
 * where they show different places, or too little of one.
 *
 * @param after - a cut, or a move of the camera, which changes less
 */
export function findView(earlier: DetailSizes, now: DetailSizes, after: After): View | null {
  const still = after === 'move' ? unmoved(earlier, now) : null;
  if (still && isCertain(earlier, now, still)) return SAME_VIEW;
  const near = findPart(earlier, now, SIZES[after], after);
  const far = findPart(now, earlier, SIZES[after].slice(1), after);
  const { cellPx } = earlier;
  if (near && (!far || near.score >= far.score))
    return { scale: near.size, x: near.left * cellPx, y: near.top * cellPx };
  return far ? inverse({ scale: far.size, x: far.left * cellPx, y: far.top * cellPx }) : null;
}
