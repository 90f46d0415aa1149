import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/domain/units.js';
import { BucketSeries } from '../../../src/report/bucket-series.js';

const series = (maxBuckets: number) =>
  new BucketSeries({
    groups: [
      { name: 'a', channels: 2 },
      { name: 'b', channels: 1 },
    ],
    categories: 2,
    maxBuckets,
    baseWidthUs: 1000,
  });

const buckets = (from: BucketSeries) => Array.from({ length: from.length }, (_, at) => from.at(at));

describe('BucketSeries', () => {
  test('keeps every sample on its own while they fit', () => {
    const kept = series(8);
    for (const at of [0, 40_000, 80_000]) kept.add(micros(at), 0, [[at, -at], null]);
    expect(buckets(kept).map(({ firstUs, samples }) => [firstUs, samples])).toEqual([
      [0, 1],
      [40_000, 1],
      [80_000, 1],
    ]);
    expect(kept.at(1).groups[0]).toEqual({
      count: 1,
      mean: [40_000, -40_000],
      min: [40_000, -40_000],
      max: [40_000, -40_000],
    });
    expect(kept.at(1).groups[1]).toEqual({ count: 0, mean: null, min: null, max: null });
  });

  test('merges neighbours when full: never over the bound, nothing lost', () => {
    const kept = series(16);
    const total = 5000;
    for (let at = 0; at < total; at++) {
      kept.add(micros(at * 40_000), at % 4 === 0 ? 1 : 0, [[at, 1], at % 2 === 0 ? [at] : null]);
      expect(kept.length).toBeLessThanOrEqual(16);
    }
    const all = buckets(kept);
    expect(all.length).toBeGreaterThan(4);
    expect(all.reduce((sum, { samples }) => sum + samples, 0)).toBe(total);
    expect(all.reduce((sum, { categories }) => sum + categories[1]!, 0)).toBe(total / 4);
    expect(all[0]!.firstUs).toBe(0);
    expect(all.at(-1)!.lastUs).toBe((total - 1) * 40_000);
    for (const { firstUs, lastUs, groups } of all) {
      const [first, last] = [firstUs / 40_000, lastUs / 40_000];
      expect(groups[0]!.min![0]).toBe(first);
      expect(groups[0]!.max![0]).toBe(last);
      expect(groups[0]!.mean![0]).toBeCloseTo((first + last) / 2, 1);
      expect(groups[0]!.mean![1]).toBeCloseTo(1, 6);
    }
    const even = all.reduce((sum, { groups }) => sum + groups[1]!.count, 0);
    expect(even).toBe(total / 2);
  });

  test('a late sample counts into the newest bucket, and shrinkTo keeps totals', () => {
    const kept = series(64);
    for (const at of [0, 50_000, 100_000, 20_000]) kept.add(micros(at), 0, [null, [1]]);
    expect(kept.length).toBe(3);
    expect(kept.at(2).samples).toBe(2);
    expect(kept.at(2).lastUs).toBe(100_000);
    kept.shrinkTo(1);
    expect(kept.length).toBe(1);
    expect(kept.at(0).groups[1]).toEqual({ count: 4, mean: [1], min: [1], max: [1] });
  });

  test('refuses a bound of one', () => {
    expect(() => series(1)).toThrow('maxBuckets must be at least 2, got 1');
  });
});
