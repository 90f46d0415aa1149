import { describe, expect, it } from 'vitest';
import { RollingWindow } from '../../../src/live/rolling-window.js';

const options = { windowMs: 1000, capacity: 100 };

describe('RollingWindow', () => {
  it('counts entries a second over the window', () => {
    const window = new RollingWindow(options);
    for (let at = 0; at < 2000; at += 40) window.add(at, 1);
    expect(window.rate(2000, 0)).toBeCloseTo(24, 5); // (1000, 2000): 1040 .. 1960
  });

  it('does not understate the rate of a camera younger than the window', () => {
    const window = new RollingWindow(options);
    for (let at = 0; at < 500; at += 40) window.add(at, 1);
    expect(window.rate(500, 0)).toBeCloseTo(26, 5);
  });

  it.each([
    { values: [5], expected: [5, 5, 5] },
    { values: Array.from({ length: 100 }, (_, i) => i + 1), expected: [50, 95, 99] },
    { values: [3, 1, 2], expected: [2, 3, 3] },
  ])('nearest-rank percentiles 50, 95, 99 of $values.length values', ({ values, expected }) => {
    const window = new RollingWindow(options);
    for (const value of values) window.add(10, value);
    expect(window.percentiles(20, [50, 95, 99])).toEqual(expected);
  });

  it('forgets what is older than the window, and is null when nothing is left', () => {
    const window = new RollingWindow(options);
    window.add(0, 1);
    window.add(900, 2);
    expect(window.percentiles(1500, [50])).toEqual([2]);
    expect(window.percentiles(1900, [50])).toBeNull();
  });

  it('keeps the newest `capacity` values', () => {
    const window = new RollingWindow({ windowMs: 1e6, capacity: 3 });
    for (let value = 0; value < 50; value++) window.add(value, value);
    expect(window.percentiles(50, [1, 100])).toEqual([47, 49]);
  });
});
