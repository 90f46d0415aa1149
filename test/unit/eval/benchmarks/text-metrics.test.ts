import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rougeLF1 } from '../../../../src/eval/benchmarks/rouge-l.js';
import { unitMetrics } from '../../../../src/eval/benchmarks/unit-metrics.js';
import { unknownAsClass } from '../../../../src/eval/benchmarks/unknown-as-class.js';

/** Written by test/reference/benchmark_reference.py with rouge 1.0.1, rouge-score 0.1.2 and scikit-learn 1.9.1. */
const reference = JSON.parse(
  readFileSync(new URL('../../../reference/benchmark_reference.json', import.meta.url), 'utf8'),
) as {
  units: string[];
  rouge: { prediction: string; reference: string; rouge: number; rougeScore: number }[];
  unitCases: {
    name: string;
    truth: string[][];
    claimed: string[][];
    meanF1: number;
    meanF1Seen: number;
    perUnit: Record<'f1' | 'precision' | 'recall' | 'accuracy', number>[];
  }[];
  labelCases: (Record<'accuracy' | 'precision' | 'recall' | 'f1', number> & {
    name: string;
    truth: string[];
    predicted: (string | null)[];
  })[];
};

describe('rougeLF1 equals the packages on random texts', () => {
  it.each(reference.rouge.map((one, index) => [index, one] as const))('text %i', (_, one) => {
    expect(rougeLF1(one.prediction, one.reference, 'rouge'), 'rouge').toBeCloseTo(one.rouge, 10);
    expect(rougeLF1(one.prediction, one.reference, 'rouge-score'), 'rouge-score').toBeCloseTo(one.rougeScore, 10);
  });

  it('tells the two packages apart: case, punctuation and repeated words', () => {
    expect(rougeLF1('The FACE.', 'the face', 'rouge')).toBe(0);
    expect(rougeLF1('The FACE.', 'the face', 'rouge-score')).toBe(1);
    expect(rougeLF1('a a a', 'a', 'rouge')).toBeCloseTo(1, 6);
    expect(rougeLF1('a a a', 'a', 'rouge-score')).toBe(0.5);
  });

  it.each(['', '...'])('is 0 for the text "%s", not an error', (text) => {
    expect([rougeLF1(text, 'a face', 'rouge'), rougeLF1(text, 'a face', 'rouge-score')]).toEqual([0, 0]);
    expect([rougeLF1('a face', text, 'rouge'), rougeLF1('a face', text, 'rouge-score')]).toEqual([0, 0]);
  });

  it('reads a bounded part of endless texts', () => {
    const endless = 'word '.repeat(200_000);
    expect(rougeLF1(endless, 'word', 'rouge')).toBeCloseTo(1, 6);
    expect(rougeLF1(endless, 'word', 'rouge-score')).toBeCloseTo(2 / 4097, 10);
  });
});

describe('unitMetrics equals scikit-learn on random units', () => {
  it.each(reference.unitCases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const report = unitMetrics(
      one.truth.map((truth, index) => ({ truth, claimed: one.claimed[index]! })),
      reference.units,
    );
    expect(report.meanF1).toBeCloseTo(one.meanF1, 10);
    expect(report.meanF1Seen).toBeCloseTo(one.meanF1Seen, 10);
    for (const [index, expected] of one.perUnit.entries()) {
      const got = report.perUnit[index]!;
      for (const key of ['f1', 'precision', 'recall', 'accuracy'] as const)
        expect(got[key], `${key} of ${got.unit}`).toBeCloseTo(expected[key], 10);
    }
  });

  it('takes a face without an answer as one without claims, and ignores units that are not scored', () => {
    const report = unitMetrics(
      [
        { truth: ['12', '20'], claimed: ['12', '7'] },
        { truth: ['12'], claimed: null },
      ],
      ['12', '43'],
    );
    expect(report).toMatchObject({ meanF1: 1 / 3, meanF1Seen: 2 / 3, meanAccuracy: 0.75 });
  });

  it('is 0, not NaN, for no faces', () => {
    expect(unitMetrics([], ['1'])).toMatchObject({ meanF1: 0, meanF1Seen: 0, meanAccuracy: 0 });
  });
});

describe('unknownAsClass equals the calls of UniFER’s script', () => {
  it.each(reference.labelCases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const labels = [...new Set([...one.truth, ...one.predicted.flatMap((label) => label ?? [])])].sort();
    const decisions = one.truth.map((truth, index) => {
      const predicted = one.predicted[index]!;
      return { truth: labels.indexOf(truth), predicted: predicted === null ? null : labels.indexOf(predicted) };
    });
    const report = unknownAsClass(decisions);
    for (const key of ['accuracy', 'precision', 'recall', 'f1'] as const)
      expect(report[key], key).toBeCloseTo(one[key], 10);
  });
});
