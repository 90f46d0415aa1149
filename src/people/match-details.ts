import { areaOf, CLEAR, type Details, OPEN } from './details.js';

/** Where the corner of a small picture lies in a large one, cells of the large one. */
interface Corner {
  readonly left: number;
  readonly top: number;
}

export interface Place extends Corner {
  readonly score: number;
}

/** At least so many cells with details must be compared. */
const LEAST_CELLS = 90;
/** Of few cells some place always agrees by chance: what that takes off, over the root of their number. */
const CHANCE = 2.2;
/** One row in so many tells already that a place agrees by so much less than others. */
const SKIMMED_ROWS = 3;
const SKIMMED_MARGIN = 0.25;
/** Share of the smaller picture that the larger one must show. */
const LEAST_OVERLAP = 0.5;

/**
 * Correlation of what both show where neither has people, less what chance gives; 0 where that is too little.
 *
 * @param step - 1 to compare every row; of more, one in so many, which tells about the same
 */
export function agreement(large: Details, small: Details, left: number, top: number, step = 1): number {
  const [values, marks, valuesThere, marksThere] = [small.values, small.marks, large.values, large.marks];
  const [firstX, lastX] = [Math.max(0, -left), Math.min(small.columns, large.columns - left)];
  const lastY = Math.min(small.rows, large.rows - top);
  let aa = 0;
  let bb = 0;
  let ab = 0;
  let cells = 0;
  for (let row = Math.max(0, -top); row < lastY; row += step) {
    const end = row * small.columns + lastX;
    let there = (row + top) * large.columns + firstX + left;
    for (let here = row * small.columns + firstX; here < end; here++, there++) {
      const mark = marks[here]!;
      const markThere = marksThere[there]!;
      if ((mark & markThere & OPEN) === 0) continue;
      const a = values[here]!;
      const b = valuesThere[there]!;
      aa = (aa + a * a) | 0;
      bb = (bb + b * b) | 0;
      ab = (ab + a * b) | 0;
      cells = (cells + ((mark | markThere) & CLEAR)) | 0;
    }
  }
  cells *= step / CLEAR;
  return cells >= LEAST_CELLS && aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) - CHANCE / Math.sqrt(cells) : 0;
}

/** Sum of squares of a rectangle of cells. */
const squaresIn = ({ columns, squares }: Details, left: number, top: number, right: number, bottom: number): number =>
  areaOf(squares, top * (columns + 1), bottom * (columns + 1), left, right);

/** Where places may be: from the first to the last. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Places along one side: as far from the middle as `reach` says, and so that enough of the small picture is in the large one. */
function placesOf(large: number, small: number, reach: number): Range {
  const out = Math.floor(small * (1 - LEAST_OVERLAP));
  const middle = (large - small) / 2;
  const far = Math.floor(reach * large);
  return { from: Math.max(-out, Math.floor(middle - far)), to: Math.min(large - small + out, Math.ceil(middle + far)) };
}

/** Sum of products of both at a place, over one in `step` of the rows of the small picture from `row` on. */
function productOf(large: Details, small: Details, { left, top }: Corner, row: number, step: number): number {
  const [values, valuesThere] = [small.values, large.values];
  const firstX = Math.max(0, -left);
  const lastX = Math.min(small.columns, large.columns - left);
  const lastY = Math.min(small.rows, large.rows - top);
  let sum = 0;
  for (let y = row; y < lastY; y += step) {
    const end = y * small.columns + lastX;
    let there = (y + top) * large.columns + firstX + left;
    for (let here = y * small.columns + firstX; here < end; here++, there++)
      sum = (sum + values[here]! * valuesThere[there]!) | 0;
  }
  return sum;
}

/** Root of the product of both sums of squares at a place. */
function normOf(large: Details, small: Details, { left, top }: Corner): number {
  const [firstX, firstY] = [Math.max(0, -left), Math.max(0, -top)];
  const lastX = Math.min(small.columns, large.columns - left);
  const lastY = Math.min(small.rows, large.rows - top);
  const here = squaresIn(small, firstX, firstY, lastX, lastY);
  return Math.sqrt(here * squaresIn(large, firstX + left, firstY + top, lastX + left, lastY + top));
}

/** A place of one of several small pictures. */
interface PlaceOf extends Place {
  readonly of: Details;
}

/**
 * The best places of some small pictures in the large one, every cell tried; people count as if they agreed with nothing.
 *
 * @param reach - how far from the middle of the large picture that of a small one may be, in sides of the large one
 */
export function bestPlaces(
  large: Details,
  smalls: readonly Details[],
  { most, reach }: { readonly most: number; readonly reach: number },
): readonly PlaceOf[] {
  const best: PlaceOf[] = [];
  let needed = 0;
  for (const of of smalls) {
    const across = placesOf(large.columns, of.columns, reach);
    const down = placesOf(large.rows, of.rows, reach);
    for (let top = down.from; top <= down.to; top++)
      for (let left = across.from; left <= across.to; left++) {
        const corner = { left, top };
        const norm = normOf(large, of, corner);
        const row = Math.max(0, -top);
        if (SKIMMED_ROWS * productOf(large, of, corner, row, SKIMMED_ROWS) <= (needed - SKIMMED_MARGIN) * norm)
          continue;
        const score = productOf(large, of, corner, row, 1) / norm;
        if (!(score > needed)) continue;
        best.push({ left, top, score, of });
        best.sort((a, b) => b.score - a.score);
        best.length = Math.min(best.length, most);
        needed = best[most - 1]?.score ?? 0;
      }
  }
  return best;
}
