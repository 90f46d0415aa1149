import { describe, expect, it } from 'vitest';
import { bandBetween, pathThrough, spreadOut } from '../../../../dashboards/study/src/paths.js';
import { domainOf, scaleOf, shortText, valueTicks } from '../../../../dashboards/study/src/scales.js';

const same = (value: number): number => value;

describe('axes', () => {
  it('reach a little beyond the values, but not below zero where nothing is', () => {
    expect(domainOf([null, 0.02, 1.02])).toEqual({ low: 0, high: 1.08 });
    expect(domainOf([-1, 1])).toEqual({ low: -1.12, high: 1.12 });
    expect(domainOf([2])).toEqual({ low: 0, high: 4 });
    expect(domainOf([null])).toEqual({ low: 0, high: 1 });
  });

  it('have round ticks inside of them, about as many as asked for', () => {
    expect(valueTicks({ low: -0.12, high: 0.55 }, 6)).toEqual([0, 0.2, 0.4]);
    expect(valueTicks({ low: 0, high: 1 }, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('say numbers to three digits with a true minus sign', () => {
    expect([0.12345, -2, 1234.5, 1e-9].map(shortText)).toEqual(['0.123', '−2', '1230', '1 × 10^−9']);
    expect(scaleOf({ low: 0, high: 2 }, 10, 110)(1)).toBe(60);
  });
});

describe('curves', () => {
  it('break where a value is missing', () => {
    expect(pathThrough([1, 2, null, 3], same, same)).toBe('M0.0 1.0L1.0 2.0M3.0 3.0');
  });

  it('have a band only where both ends are', () => {
    expect(bandBetween([0, 1, null, 3], [1, 2, 3, 4], same, same)).toBe(
      'M0.0 1.0L1.0 2.0L1.0 1.0L0.0 0.0ZM3.0 4.0L3.0 3.0Z',
    );
  });
});

describe('points', () => {
  it('lie in the middle unless they would cover each other', () => {
    expect(spreadOut([0, 100], { room: 10, radius: 5 })).toEqual([0, 0]);
    expect(spreadOut([0, 1, 2], { room: 10, radius: 5 })).toEqual([0, -4.5, 4.5]);
  });

  it('never leave their row', () => {
    const heights = spreadOut(new Array<number>(60).fill(3), { room: 9, radius: 5 });
    for (const height of heights) expect(Math.abs(height)).toBeLessThanOrEqual(9);
  });
});
