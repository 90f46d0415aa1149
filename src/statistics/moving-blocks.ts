import { mulberry32 } from './random.js';

/**
 * Which blocks each resample of a stretch of time is made of: blocks of neighbours that may begin anywhere and go on at
 * the begin where the stretch ends (Künsch 1989; wrapped as by Politis and Romano 1992, so that ends count as much as
 * the middle). Neighbours stay together, because they are no independent evidence.
 */
export interface BlockPlan {
  /** Number of cells of the stretch. */
  readonly cells: number;
  /** Cells of a block; the last of a resample is cut, so that each has `cells` cells. */
  readonly block: number;
  readonly draws: number;
  /** First cell of each block, `ceil(cells / block)` a draw. */
  readonly starts: Int32Array;
}

/** Draws the blocks. The same numbers give the same plan; another seed an independent one. */
export function planBlocks(cells: number, block: number, draws: number, seed: number): BlockPlan {
  const uniform = mulberry32(seed);
  const starts = new Int32Array(Math.ceil(cells / block) * draws);
  for (let at = 0; at < starts.length; at++) starts[at] = Math.floor(uniform() * cells);
  return { cells, block, draws, starts };
}

/** Sum of a quantity over the cells of each resample. Sums run from left to right. */
export function blockSums(values: Float64Array, { cells, block, draws, starts }: BlockPlan): Float64Array {
  const before = new Float64Array(cells + 1);
  for (let cell = 0; cell < cells; cell++) before[cell + 1] = before[cell]! + values[cell]!;
  const total = before[cells]!;
  const perDraw = starts.length / draws;
  const last = cells - (perDraw - 1) * block;
  const sums = new Float64Array(draws);
  for (let draw = 0, at = 0; draw < draws; draw++) {
    let sum = 0;
    for (let n = 1; n <= perDraw; n++, at++) {
      const start = starts[at]!;
      const end = start + (n === perDraw ? last : block);
      sum += end <= cells ? before[end]! - before[start]! : total - before[start]! + before[end - cells]!;
    }
    sums[draw] = sum;
  }
  return sums;
}
