import type { Box } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';

/** Luma of a picture in cells, the longer side having `CELLS_LONG`, and where people are. */
export interface Backdrop {
  readonly columns: number;
  readonly rows: number;
  /** Luma of each cell, levels. */
  readonly luma: Float32Array;
  /** 1 where no person is, 0 where one may be. */
  readonly open: Uint8Array;
  /** Pixels of the working frame that one cell is wide and high. */
  readonly cellPx: number;
}

/** Cells along the longer side. Raising it finds smaller parts of a picture again, at the square of the time. */
const CELLS_LONG = 144;
/** Pixels read of each cell, along a side. */
const SAMPLES = 2;
/** What a person covers, in sides of the face's box from its middle: the head and hair, and below it the shoulders. */
const PERSON = { head: 1, above: 1.3, neck: 0.6, shoulders: 1.5 } as const;

/** Reads a picture without its people: faces, hair and clothes are no part of what is compared. */
export function readBackdrop({ data, widthPx, heightPx }: Frame, faces: readonly Box<'frame'>[]): Backdrop {
  const cellPx = Math.max(widthPx, heightPx) / CELLS_LONG;
  const columns = Math.floor(widthPx / cellPx);
  const rows = Math.floor(heightPx / cellPx);
  const luma = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let dy = 0; dy < SAMPLES; dy++) {
        const y = Math.floor((row + (dy + 0.5) / SAMPLES) * cellPx) * widthPx;
        for (let dx = 0; dx < SAMPLES; dx++) sum += data[y + Math.floor((column + (dx + 0.5) / SAMPLES) * cellPx)]!;
      }
      luma[row * columns + column] = sum / SAMPLES ** 2;
    }
  return { columns, rows, luma, open: openCells(columns, rows, faces, cellPx), cellPx };
}

function openCells(columns: number, rows: number, faces: readonly Box<'frame'>[], cellPx: number): Uint8Array {
  const open = new Uint8Array(columns * rows).fill(1);
  for (const { left, top, right, bottom } of faces) {
    const side = Math.sqrt(Math.max(1, (right - left) * (bottom - top)));
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    for (let row = Math.max(0, Math.floor((y - PERSON.above * side) / cellPx)); row < rows; row++) {
      const aside = (row * cellPx > y + PERSON.neck * side ? PERSON.shoulders : PERSON.head) * side;
      const first = Math.max(0, Math.floor((x - aside) / cellPx));
      const last = Math.min(columns, Math.ceil((x + aside) / cellPx));
      open.fill(0, row * columns + first, row * columns + Math.max(first, last));
    }
  }
  return open;
}
