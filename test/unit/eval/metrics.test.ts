import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EMOTIONS } from '../../../src/domain/affect.js';
import { abstainCurve, calibrationMetrics } from '../../../src/eval/calibration.js';
import { classificationMetrics, type Outcome } from '../../../src/eval/metrics.js';

interface ReferenceCase {
  readonly name: string;
  readonly truth: readonly number[];
  readonly probabilities: readonly (readonly number[] | null)[];
  readonly expected: Record<
    | 'accuracy'
    | 'balancedAccuracy'
    | 'macroPrecision'
    | 'macroRecall'
    | 'macroF1'
    | 'macroF1Occurring'
    | 'ece'
    | 'brier'
    | 'nll',
    number
  > &
    Record<'precision' | 'recall' | 'f1' | 'support', readonly number[]> & {
      readonly confusion: readonly (readonly number[])[];
    };
}

/** Written by test/reference/metrics_reference.py. */
const cases = JSON.parse(
  readFileSync(new URL('../../reference/metrics_reference.json', import.meta.url), 'utf8'),
) as readonly ReferenceCase[];

describe('metrics equal scikit-learn on random outcomes', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { truth, probabilities, expected }) => {
    const outcomes = truth.map((label, index): Outcome => ({ truth: label, probabilities: probabilities[index]! }));
    const counted = classificationMetrics(outcomes, EMOTIONS);
    const calibrated = calibrationMetrics(outcomes);
    for (const key of [
      'accuracy',
      'balancedAccuracy',
      'macroPrecision',
      'macroRecall',
      'macroF1',
      'macroF1Occurring',
    ] as const)
      expect(counted[key], key).toBeCloseTo(expected[key], 10);
    for (const key of ['ece', 'brier', 'nll'] as const) expect(calibrated[key], key).toBeCloseTo(expected[key], 9);
    for (const key of ['precision', 'recall', 'f1', 'support'] as const) {
      for (const [index, one] of counted.perClass.entries())
        expect(one[key], `${key} of ${one.label}`).toBeCloseTo(expected[key][index]!, 10);
    }
    expect(counted.confusion).toEqual(expected.confusion);
  });
});

const two = (truth: number, first: number): Outcome => ({ truth, probabilities: [first, 1 - first] });

describe('metrics at their edges', () => {
  it('an outcome without a reading is wrong for accuracy and recall, and left out of calibration', () => {
    const outcomes = [two(0, 0.75), { truth: 0, probabilities: null }];
    const { accuracy, perClass, confusion } = classificationMetrics(outcomes, ['a', 'b']);
    expect([accuracy, perClass[0]!.recall, perClass[0]!.precision]).toEqual([0.5, 0.5, 1]);
    expect(confusion).toEqual([
      [1, 0],
      [0, 0],
    ]);
    expect(calibrationMetrics(outcomes).ece).toBeCloseTo(0.25, 12);
  });

  it('are 0, not NaN, for no outcomes', () => {
    expect(classificationMetrics([], ['a', 'b'])).toMatchObject({ accuracy: 0, balancedAccuracy: 0, macroF1: 0 });
    expect(calibrationMetrics([])).toMatchObject({ ece: 0, brier: 0, nll: 0 });
  });

  it('a probability on the border of two bins belongs to the lower one, and 1 to the last', () => {
    const { reliability } = calibrationMetrics([two(0, 0.8), two(0, 1)], 5);
    expect(reliability.map(({ count }) => count)).toEqual([0, 0, 0, 1, 1]);
  });

  it('abstaining trades coverage for accuracy', () => {
    const outcomes = [two(0, 0.9), two(0, 0.8), two(1, 0.6), two(0, 0.55)];
    expect(abstainCurve(outcomes, [0, 0.6, 0.7, 0.95])).toEqual([
      { threshold: 0, coverage: 1, accuracy: 0.75 },
      { threshold: 0.6, coverage: 0.75, accuracy: 2 / 3 },
      { threshold: 0.7, coverage: 0.5, accuracy: 1 },
      { threshold: 0.95, coverage: 0, accuracy: null },
    ]);
  });
});
