import { describe, expect, test } from 'vitest';
import {
  baselinedIntensities,
  createResting,
  observeResting,
  restingIntensity,
} from '../../../src/temporal/action-unit-baseline.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/options.js';

const { baseline, actionUnits } = TEMPORAL_DEFAULTS;

/** Two units: one that rests at `rest`, one at 0; each second the first is at 4 for a share of the time. */
function observed(spec: {
  readonly rest: number;
  readonly seconds: number;
  readonly share?: number;
  readonly fps?: number;
}) {
  const fps = spec.fps ?? 20;
  const memory = createResting(2);
  for (let i = 0; i < Math.round(spec.seconds * fps); i += 1) {
    const moving = (i % fps) / fps < (spec.share ?? 0);
    observeResting(memory, [moving ? 4 : spec.rest, 0], 1 / fps);
  }
  return memory;
}
const corrected = (memory: ReturnType<typeof createResting>, intensities: readonly number[]) =>
  baselinedIntensities(memory, { baseline, actionUnits }, intensities);

describe('restingIntensity', () => {
  test.each([
    { rest: 1.25, share: 0, near: 1.25 },
    { rest: 1.25, share: 0.8, near: 1.25 },
    { rest: 0, share: 0.8, near: 0 },
    { rest: 0.04, share: 0, near: 0 },
    { rest: 5, share: 0, near: 5 },
  ])('of a unit at $rest, at 4 for $share of the time, is $near at every frame rate', ({ rest, share, near }) => {
    for (const fps of [10, 20, 60]) {
      const memory = observed({ rest, share, seconds: 30, fps });
      expect(Math.abs(restingIntensity(memory, 0, 0.1) - near)).toBeLessThanOrEqual(0.1);
      expect(restingIntensity(memory, 1, 0.1)).toBe(0);
    }
    if (near === 0) expect(restingIntensity(observed({ rest, share, seconds: 30 }), 0, 0.1)).toBe(0);
  });
});

describe('baselinedIntensities', () => {
  test('null before the warm-up ends, and when switched off', () => {
    expect(corrected(observed({ rest: 1, seconds: 9 }), [2, 0])).toBeNull();
    const off = { baseline: null, actionUnits };
    expect(baselinedIntensities(observed({ rest: 1, seconds: 60 }), off, [2, 0])).toBeNull();
  });

  test('rest is taken off bit by bit, and nothing off a unit that rests at 0', () => {
    const removed = [10.05, 20, 100, 1000].map((seconds) => {
      const [first, second] = corrected(observed({ rest: 1, seconds }), [3, 3])!;
      expect(second).toBe(3);
      return 3 - first!;
    });
    expect(removed[0]).toBeLessThan(0.02);
    expect(removed[1]).toBeCloseTo(0.5, 1);
    expect(removed[2]).toBeCloseTo(0.9, 1);
    expect(removed[3]).toBeCloseTo(1, 1);
  });

  test('never below 0, and never more off than the bound', () => {
    const always = observed({ rest: 4, seconds: 10_000, fps: 5 });
    expect(corrected(always, [1, 0])).toEqual([0, 0]);
    expect(corrected(always, [4, 0])![0]).toBeCloseTo(4 - actionUnits.maxRestingIntensity, 1);
  });
});
