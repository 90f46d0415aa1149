import { type Backdrop, shrunk } from './backdrop.js';

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

/** How much closer one picture may be than the other: after a cut, and while the camera moves; and the step in which sizes are tried. */
const MOST_ZOOM = { cut: 3, move: 1.3 } as const;
const ZOOM_STEP = 1.13;
/** First look: share of the cells along a side. */
const COARSE = 1 / 3;
/** Best places of the first look that are looked at closely, and the sizes tried around each. */
const LOOKED_AT = 3;
const CLOSER_SIZES = [0.93, 0.965, 1, 1.035, 1.07] as const;
/** From this agreement of details beside people on it is the same place, where at least so many cells have details. */
const SAME_PLACE = 0.6;
const LEAST_CELLS = 90;
/** Of few cells some place always agrees by chance: what that takes off, over the root of their number. */
const CHANCE = 2.2;
/** Some cells aside the details must agree by so much less: long edges agree with themselves wherever they are moved along. */
const ASIDE = 6;
const LEAST_FALL = 0.2;
/** Share of the smaller picture that the larger one must show. */
const LEAST_OVERLAP = 0.5;
/** A detail of so many levels counts half, and one that counts so much is no noise. */
const FAINT = 8;
const DETAILED = 0.3;
/** Cells to each side over which slow changes of light are levelled out. */
const LEVEL_REACH = 5;

/** Details of a picture: luma less its mean around, 0 where people are. */
interface Details {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
  readonly open: Uint8Array;
}

function detailsOf({ columns, rows, luma, open }: Backdrop): Details {
  const stride = columns + 1;
  const sums = new Float64Array(stride * (rows + 1));
  const counts = new Float64Array(stride * (rows + 1));
  for (let row = 0; row < rows; row++)
    for (let column = 0, sum = 0, count = 0; column < columns; column++) {
      const at = row * columns + column;
      sum += open[at]! * luma[at]!;
      count += open[at]!;
      sums[(row + 1) * stride + column + 1] = sums[row * stride + column + 1]! + sum;
      counts[(row + 1) * stride + column + 1] = counts[row * stride + column + 1]! + count;
    }
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      if (!open[at]) continue;
      const [top, bottom] = [Math.max(0, row - LEVEL_REACH) * stride, Math.min(rows, row + LEVEL_REACH + 1) * stride];
      const [left, right] = [Math.max(0, column - LEVEL_REACH), Math.min(columns, column + LEVEL_REACH + 1)];
      const area = (table: Float64Array): number =>
        table[bottom + right]! - table[top + right]! - table[bottom + left]! + table[top + left]!;
      values[at] = luma[at]! - area(sums) / area(counts);
    }
  return { columns, rows, values: evened(values), open };
}

/** Strong edges count no more than faint ones: else one edge would be the whole of the comparison. */
function evened(values: Float32Array): Float32Array {
  return values.map((value) => value / (Math.abs(value) + FAINT));
}

/** Where the small picture lies in the large one, cells of the large one. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly score: number;
}

/** Correlation of what both show where neither has people, less what chance gives; 0 where that is too little. */
function agreement(large: Details, small: Details, left: number, top: number): number {
  let [aa, bb, ab, cells] = [0, 0, 0, 0];
  const [firstX, lastX] = [Math.max(0, -left), Math.min(small.columns, large.columns - left)];
  for (let row = Math.max(0, -top); row < Math.min(small.rows, large.rows - top); row++) {
    let [here, there] = [row * small.columns + firstX, (row + top) * large.columns + firstX + left];
    for (let column = firstX; column < lastX; column++, here++, there++) {
      if (!small.open[here] || !large.open[there]) continue;
      const [a, b] = [small.values[here]!, large.values[there]!];
      aa += a * a;
      bb += b * b;
      ab += a * b;
      if (Math.max(Math.abs(a), Math.abs(b)) >= DETAILED) cells++;
    }
  }
  return cells >= LEAST_CELLS && aa * bb > 0 ? ab / Math.sqrt(aa * bb) - CHANCE / Math.sqrt(cells) : 0;
}

/** Sums of squares over every rectangle that begins at the first cell. */
function squaresOf({
  columns,
  rows,
  values,
}: Details): (left: number, top: number, right: number, bottom: number) => number {
  const stride = columns + 1;
  const sums = new Float64Array(stride * (rows + 1));
  for (let row = 0; row < rows; row++)
    for (let column = 0, sum = 0; column < columns; column++) {
      sum += values[row * columns + column]! ** 2;
      sums[(row + 1) * stride + column + 1] = sums[row * stride + column + 1]! + sum;
    }
  return (left, top, right, bottom) =>
    sums[bottom * stride + right]! -
    sums[top * stride + right]! -
    sums[bottom * stride + left]! +
    sums[top * stride + left]!;
}

/** The best places of the small picture in the large one, every cell tried; people count as if they agreed with nothing. */
function bestPlaces(large: Details, small: Details): Place[] {
  const best: Place[] = [];
  const [ofLarge, ofSmall] = [squaresOf(large), squaresOf(small)];
  const [outX, outY] = [small.columns, small.rows].map((cells) => Math.floor(cells * (1 - LEAST_OVERLAP))) as [
    number,
    number,
  ];
  for (let top = -outY; top <= large.rows - small.rows + outY; top++)
    for (let left = -outX; left <= large.columns - small.columns + outX; left++) {
      const [firstX, lastX] = [Math.max(0, -left), Math.min(small.columns, large.columns - left)];
      const [firstY, lastY] = [Math.max(0, -top), Math.min(small.rows, large.rows - top)];
      let ab = 0;
      for (let row = firstY; row < lastY; row++) {
        let [here, there] = [row * small.columns + firstX, (row + top) * large.columns + firstX + left];
        for (let column = firstX; column < lastX; column++) ab += small.values[here++]! * large.values[there++]!;
      }
      const squares =
        ofLarge(firstX + left, firstY + top, lastX + left, lastY + top) * ofSmall(firstX, firstY, lastX, lastY);
      const score = squares > 0 ? ab / Math.sqrt(squares) : 0;
      if (score <= (best[LOOKED_AT - 1]?.score ?? 0)) continue;
      best.push({ left, top, score });
      best.sort((a, b) => b.score - a.score);
      best.length = Math.min(best.length, LOOKED_AT);
    }
  return best;
}

/** A place of the small picture, shrunk by `size`, in the large one. */
interface Found extends Place {
  readonly size: number;
}

/** Looks closely around a place found from afar: other sizes, and some cells to each side. */
function closer(large: Details, small: Backdrop, rough: Found): Found {
  let best: Found = { ...rough, score: 0 };
  const middle = { x: small.columns / 2, y: small.rows / 2 };
  for (const zoom of CLOSER_SIZES) {
    const size = Math.min(1, rough.size * zoom);
    const details = detailsOf(shrunk(small, size));
    const left = Math.round(rough.left / COARSE + middle.x * (rough.size - size));
    const top = Math.round(rough.top / COARSE + middle.y * (rough.size - size));
    for (let dy = -2; dy <= 2; dy++)
      for (let dx = -2; dx <= 2; dx++) {
        const score = agreement(large, details, left + dx, top + dy);
        if (score > best.score) best = { left: left + dx, top: top + dy, score, size };
      }
  }
  return best;
}

/** What moved was in front of the camera. */
const UNMOVED = { left: 0, top: 0, size: 1 } as const;

/** Whether details agree at this place and clearly less to every side of it. */
function isCertain(large: Details, small: Backdrop, { left, top, size }: Omit<Found, 'score'>): boolean {
  const details = detailsOf(shrunk(small, size));
  const score = agreement(large, details, left, top);
  if (score < SAME_PLACE) return false;
  const aside = [
    [ASIDE, 0],
    [-ASIDE, 0],
    [0, ASIDE],
    [0, -ASIDE],
  ] as const;
  return aside.every(([dx, dy]) => agreement(large, details, left + dx, top + dy) <= score - LEAST_FALL);
}

/** Where `small`, which shows a part of what `large` shows, lies in it. */
function findPart(large: Backdrop, small: Backdrop, sizes: readonly number[]): Found | null {
  const coarse = detailsOf(shrunk(large, COARSE));
  const rough = sizes
    .flatMap((size) => bestPlaces(coarse, detailsOf(shrunk(small, COARSE * size))).map((place) => ({ ...place, size })))
    .sort((a, b) => b.score - a.score)
    .slice(0, LOOKED_AT);
  const fine = detailsOf(large);
  const [best] = rough.map((place) => closer(fine, small, place)).sort((a, b) => b.score - a.score);
  return best && isCertain(fine, small, best) ? best : null;
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
export function findView(earlier: Backdrop, now: Backdrop, after: keyof typeof SIZES): View | null {
  if (after === 'move' && isCertain(detailsOf(earlier), now, UNMOVED)) return SAME_VIEW;
  const near = findPart(earlier, now, SIZES[after]);
  const far = findPart(now, earlier, SIZES[after].slice(1));
  const { cellPx } = earlier;
  if (near && (!far || near.score >= far.score))
    return { scale: near.size, x: near.left * cellPx, y: near.top * cellPx };
  return far ? inverse({ scale: far.size, x: far.left * cellPx, y: far.top * cellPx }) : null;
}
