import type { Backdrop } from './backdrop.js';

/** Details of a picture at one size: luma less its mean around. */
export interface Details {
  readonly columns: number;
  readonly rows: number;
  /** From -127 to 127; 0 where people are. */
  readonly values: Int8Array;
  /** `OPEN` where no person is, and `CLEAR` as well where the detail is no noise. */
  readonly marks: Uint8Array;
  /** Sums of the squares of all values left of and above each corner between cells. */
  readonly squares: Int32Array;
}

export const OPEN = 1;
export const CLEAR = 2;

/** A detail of so many levels counts half: strong edges count little more, else one edge would be the whole of a comparison. */
const FAINT = 8;
/** From this share of the most that a detail can count on, it is no noise. */
const LEAST_CLEAR = 0.3;
const MOST = 127;
/** Cells to each side over which slow changes of light are levelled out. */
const LEVEL_REACH = 5;

/** Sums over all cells left of and above each corner between cells; those of any rectangle follow from four of them. */
interface Sums {
  /** Corners in a row. */
  readonly stride: number;
  readonly luma: Float64Array;
  readonly open: Float64Array;
}

/** A picture at the sizes at which it is compared, each made once. */
export class DetailSizes {
  readonly #picture: Backdrop;
  readonly #sums: Sums;
  readonly #made = new Map<number, Details>();

  constructor(picture: Backdrop) {
    this.#picture = picture;
    this.#sums = sumsOf(picture);
  }

  get cellPx(): number {
    return this.#picture.cellPx;
  }

  get columns(): number {
    return this.#picture.columns;
  }

  get rows(): number {
    return this.#picture.rows;
  }

  /** @param size - share of the picture's cells along a side, at most 1 */
  at(size: number): Details {
    const made = this.#made.get(size) ?? leveled(shrunk(this.#picture, this.#sums, size));
    this.#made.set(size, made);
    return made;
  }
}

type Grid = Pick<Backdrop, 'columns' | 'rows' | 'luma' | 'open'>;

function sumsOf({ columns, rows, luma, open }: Grid): Sums {
  const stride = columns + 1;
  const sums = { stride, luma: new Float64Array(stride * (rows + 1)), open: new Float64Array(stride * (rows + 1)) };
  for (let row = 0, at = 0; row < rows; row++) {
    let corner = (row + 1) * stride + 1;
    for (let column = 0, light = 0, opened = 0; column < columns; column++, at++, corner++) {
      light += luma[at]!;
      opened += open[at]!;
      sums.luma[corner] = sums.luma[corner - stride]! + light;
      sums.open[corner] = sums.open[corner - stride]! + opened;
    }
  }
  return sums;
}

/** First cells of the larger picture that each cell of the smaller one covers, and where the last one ends. */
const edgesOf = (cells: number, shrunkTo: number): Int32Array =>
  Int32Array.from({ length: shrunkTo + 1 }, (_, at) => Math.floor((at * cells) / shrunkTo));

/** The picture at a smaller size, by areas; a cell is open where most of it is, and dark where it is not. */
function shrunk(picture: Backdrop, sums: Sums, size: number): Grid {
  const columns = Math.max(1, Math.round(picture.columns * size));
  const rows = Math.max(1, Math.round(picture.rows * size));
  const [luma, open] = [new Float32Array(columns * rows), new Uint8Array(columns * rows)];
  const [edgesX, edgesY] = [edgesOf(picture.columns, columns), edgesOf(picture.rows, rows)];
  for (let row = 0, at = 0; row < rows; row++) {
    const [top, bottom] = [edgesY[row]! * sums.stride, edgesY[row + 1]! * sums.stride];
    const height = edgesY[row + 1]! - edgesY[row]!;
    for (let column = 0; column < columns; column++, at++) {
      const left = edgesX[column]!;
      const right = edgesX[column + 1]!;
      const cells = height * (right - left);
      if (2 * areaOf(sums.open, top, bottom, left, right) <= cells) continue;
      open[at] = 1;
      luma[at] = areaOf(sums.luma, top, bottom, left, right) / cells;
    }
  }
  return { columns, rows, luma, open };
}

/** @param top - place of the first corner in the row of corners above the area; `bottom`, in the one below it */
export const areaOf = (
  table: Float64Array | Int32Array,
  top: number,
  bottom: number,
  left: number,
  right: number,
): number => table[bottom + right]! - table[top + right]! - table[bottom + left]! + table[top + left]!;

/** Details of a picture that is dark where people are. */
function leveled(grid: Grid): Details {
  const { columns, rows, luma, open } = grid;
  const sums = sumsOf(grid);
  const [values, marks] = [new Int8Array(columns * rows), new Uint8Array(columns * rows)];
  for (let row = 0, at = 0; row < rows; row++) {
    const top = Math.max(0, row - LEVEL_REACH) * sums.stride;
    const bottom = Math.min(rows, row + LEVEL_REACH + 1) * sums.stride;
    for (let column = 0; column < columns; column++, at++) {
      if (open[at] === 0) continue;
      const left = Math.max(0, column - LEVEL_REACH);
      const right = Math.min(columns, column + LEVEL_REACH + 1);
      const detail =
        luma[at]! - areaOf(sums.luma, top, bottom, left, right) / areaOf(sums.open, top, bottom, left, right);
      const counted = detail / (Math.abs(detail) + FAINT);
      values[at] = Math.round(MOST * counted);
      marks[at] = Math.abs(counted) >= LEAST_CLEAR ? OPEN | CLEAR : OPEN;
    }
  }
  return { columns, rows, values, marks, squares: squaresOf(columns, rows, values) };
}

function squaresOf(columns: number, rows: number, values: Int8Array): Int32Array {
  const stride = columns + 1;
  const sums = new Int32Array(stride * (rows + 1));
  for (let row = 0, at = 0; row < rows; row++) {
    let corner = (row + 1) * stride + 1;
    for (let column = 0, sum = 0; column < columns; column++, at++, corner++) {
      sum += values[at]! ** 2;
      sums[corner] = sums[corner - stride]! + sum;
    }
  }
  return sums;
}
