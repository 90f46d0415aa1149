import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../src/statistics/random.js';
import { segmentCorrelation } from '../../../src/statistics/segment-correlation.js';

const OPTIONS = { segment: 10, lag: 3, minShare: 0.8, minSegments: 3, surrogates: 39, draws: 200 };

function noise(length: number, seed: number): Float64Array {
  const uniform = mulberry32(seed);
  return Float64Array.from({ length }, () => uniform());
}

describe('two series', () => {
  it('of which one follows the other by two points are alike there, with the smallest p there is', () => {
    const one = noise(120, 1);
    const other = Float64Array.from(one, (_, at) => one[at - 2] ?? 0.5);
    const found = segmentCorrelation(one, other, OPTIONS, 1)!;
    expect(found).toMatchObject({ lag: 2, p: 1 / 40 });
    expect(found.correlation).toBeCloseTo(0.999999, 6);
    expect(segmentCorrelation(other, one, OPTIONS, 1)).toMatchObject({ lag: -2 });
  });

  it('are compared by the mean of Fisher’s z over segments', () => {
    // r is 1 in each half of the segments, and 0.5 in the other.
    const wave = [0, 1, 0, -1];
    const one = Float64Array.from({ length: 96 }, (_, at) => wave[at % 4]!);
    const half = [0, 1, Math.sqrt(3), -1];
    const r = 2 / Math.sqrt(2 * (1 + 3 + 1 - (half[0]! + half[1]! + half[2]! + half[3]!) ** 2 / 4));
    const other = Float64Array.from({ length: 96 }, (_, at) => half[at % 4]!);
    const options = { ...OPTIONS, segment: 8, lag: 0 };
    expect(segmentCorrelation(one, other, options, 1)!.correlation).toBeCloseTo(r, 9);
  });

  it('leave out segments with too few readings of both, or without variation', () => {
    const [one, other] = [noise(120, 1), noise(120, 2)];
    const all = segmentCorrelation(one, other, { ...OPTIONS, lag: 0 }, 1)!;
    expect(all.segments).toBe(12);
    const gaps = one.map((value, at) => (at < 10 && at % 3 === 0 ? Number.NaN : value));
    const flat = other.map((value, at) => (at >= 20 && at < 30 ? 0.5 : value));
    expect(segmentCorrelation(gaps, flat, { ...OPTIONS, lag: 0 }, 1)!.segments).toBe(10);
  });

  it('are not compared where too few segments are left', () => {
    const flat = new Float64Array(120).fill(1);
    expect(segmentCorrelation(noise(120, 1), flat, OPTIONS, 1)).toBeNull();
    expect(segmentCorrelation(noise(26, 1), noise(26, 2), OPTIONS, 1)).toBeNull();
  });
});
