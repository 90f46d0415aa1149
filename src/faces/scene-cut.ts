import type { Frame } from '../domain/frame.js';

/** Cells a side of the luma grid that cuts are judged on. */
const GRID = 24;
const HISTOGRAM_BINS = 16;

/** A coarse look at a frame: mean luma of a few pixels per cell. */
export type LumaGrid = Uint8Array;

/** Samples 24 × 24 luma cells, four pixels each: 2,304 reads whatever the size of the frame. */
export function lumaGrid(frame: Frame): LumaGrid {
  const grid = new Uint8Array(GRID * GRID);
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      let sum = 0;
      for (const dy of [0.25, 0.75]) {
        const y = Math.floor(((row + dy) * frame.heightPx) / GRID);
        for (const dx of [0.25, 0.75]) {
          const x = Math.floor(((column + dx) * frame.widthPx) / GRID);
          sum += frame.data[y * frame.widthPx + x]!;
        }
      }
      grid[row * GRID + column] = sum >> 2;
    }
  }
  return grid;
}

function histogram(grid: LumaGrid): Float64Array {
  const bins = new Float64Array(HISTOGRAM_BINS);
  for (const value of grid) bins[(value * HISTOGRAM_BINS) >> 8]! += 1 / grid.length;
  return bins;
}

/**
 * How unlike two frames are, 0..1: the smaller of the mean cell difference (large for motion and cuts) and the
 * histogram distance (large for flashes and cuts), each scaled so that 1 is "certainly another picture".
 */
export function sceneDistance(before: LumaGrid, after: LumaGrid): number {
  let difference = 0;
  for (let index = 0; index < before.length; index++) difference += Math.abs(before[index]! - after[index]!);
  difference /= before.length * 255;
  const a = histogram(before);
  const b = histogram(after);
  let distance = 0;
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) distance += Math.abs(a[bin]! - b[bin]!) / 2;
  return Math.min(1, difference / 0.2, distance / 0.4);
}

/** Distance from which a change of picture counts as a cut. Raising it lets cuts between like scenes pass. */
export const CUT_DISTANCE = 0.6;
