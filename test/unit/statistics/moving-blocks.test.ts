import { describe, expect, it } from 'vitest';
import { blockSums, planBlocks } from '../../../src/statistics/moving-blocks.js';

describe('blocks of neighbours', () => {
  it('are summed as they stand, go on at the begin, and the last is cut', () => {
    const plan = { cells: 5, block: 2, draws: 2, starts: Int32Array.from([0, 3, 1, 4, 2, 4]) };
    // Cells 0 1, 3 4, 1 of the first draw; 4 0, 2 3, 4 of the second.
    expect([...blockSums(Float64Array.from([1, 10, 100, 1000, 10_000]), plan)]).toEqual([11_021, 21_101]);
  });

  it('begin anywhere, are the same for the same seed and others for another', () => {
    const plan = planBlocks(7, 3, 400, 1);
    expect(plan.starts).toHaveLength(3 * 400);
    expect(new Set(plan.starts)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    expect(planBlocks(7, 3, 400, 1)).toEqual(plan);
    expect(planBlocks(7, 3, 400, 2).starts).not.toEqual(plan.starts);
  });

  it('have as many cells as the stretch, whatever is drawn', () => {
    const ones = new Float64Array(23).fill(1);
    expect(new Set(blockSums(ones, planBlocks(23, 5, 50, 3)))).toEqual(new Set([23]));
  });
});
