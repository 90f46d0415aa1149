import { describe, expect, test } from 'vitest';
import { createOneEuro, stepOneEuro } from '../../../src/temporal/one-euro.js';

const SECONDS = [1.0, 1.04, 1.08, 1.12, 1.2, 1.233333, 1.266667, 1.5, 2.4, 2.42];
const INPUT = [0.5, 0.7, 0.65, 2.9, 3.1, 3.0, -1.2, -1.0, 4.0, 4.1];

/** Outputs of the PyPI package OneEuroFilter 0.2.1 (its authors' implementation) for INPUT at SECONDS. */
const REFERENCE = [
  {
    options: { minCutoffHz: 1, beta: 0, derivativeCutoffHz: 1 },
    output: [
      0.5, 0.540169729, 0.562228989, 1.031767124, 1.723614125, 1.944644957, 1.400075522, -0.026762758, 3.394914595,
      3.473626954,
    ],
  },
  {
    options: { minCutoffHz: 0.5, beta: 0.3, derivativeCutoffHz: 1 },
    output: [
      0.5, 0.533525038, 0.555325715, 1.781855023, 2.709462316, 2.849559843, 1.123089836, -0.641636663, 3.474493074,
      3.616335636,
    ],
  },
  {
    options: { minCutoffHz: 1.7, beta: 0.05, derivativeCutoffHz: 2.5 },
    output: [
      0.5, 0.562211648, 0.589572506, 1.559080076, 2.454240128, 2.650237115, 1.151097176, -0.516145385, 3.613852472,
      3.716735093,
    ],
  },
];
const options = { ...REFERENCE[1]!.options, maxGapSeconds: 1 };
const at = (seconds: number, ...values: number[]) => ({ ptsUs: Math.round(seconds * 1e6), values, weight: 1 });

describe('stepOneEuro', () => {
  test.each(REFERENCE)('equals the reference implementation: $options', ({ options: reference, output }) => {
    const state = createOneEuro(2);
    SECONDS.forEach((seconds, i) => {
      // The second component is the mirrored signal: components do not mix.
      stepOneEuro(state, { ...reference, maxGapSeconds: 1 }, at(seconds, INPUT[i]!, -INPUT[i]!));
      expect(state.value[0]).toBeCloseTo(output[i]!, 6);
      expect(state.value[1]).toBeCloseTo(-output[i]!, 6);
    });
  });

  test('restarts at the sample after a gap longer than the limit, and not at the limit', () => {
    const state = createOneEuro(1);
    expect(stepOneEuro(state, options, at(0, 1))).toBe(true);
    expect(stepOneEuro(state, options, at(1, 5))).toBe(false);
    expect(state.value[0]).not.toBe(5);
    expect(stepOneEuro(state, options, at(2.001, -3))).toBe(true);
    expect([...state.value, ...state.speed]).toEqual([-3, 0]);
  });

  test('a sample that is not later changes nothing', () => {
    const state = createOneEuro(1);
    stepOneEuro(state, options, at(1, 1));
    stepOneEuro(state, options, at(1, 9));
    stepOneEuro(state, options, at(0.5, 9));
    expect([state.ptsUs, state.value[0]]).toEqual([1_000_000, 1]);
  });

  test('a sample of weight 0 does not move the value', () => {
    const state = createOneEuro(1);
    stepOneEuro(state, options, at(1, 1));
    stepOneEuro(state, options, { ...at(1.1, 9), weight: 0 });
    expect(state.value[0]).toBe(1);
  });
});
