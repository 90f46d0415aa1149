import { expect, test } from 'vitest';
import {
  expectedValenceArousal,
  flooredLogProbabilities,
  softmax,
  topIndex,
} from '../../../src/temporal/distribution.js';
import { CIRCUMPLEX } from '../../support/temporal-faces.js';

test('softmax ignores a common offset and survives large logits', () => {
  const expected = [1, 2, 3].map((z) => Math.exp(z) / (Math.exp(1) + Math.exp(2) + Math.exp(3)));
  for (const offset of [0, -40, 2000]) {
    softmax([1 + offset, 2 + offset, 3 + offset]).forEach((p, k) => {
      expect(p).toBeCloseTo(expected[k]!, 12);
    });
  }
});

test('log-probabilities end at the floor', () => {
  expect(flooredLogProbabilities([0, 0, -100], -5)).toEqual([Math.log(0.5), Math.log(0.5), -5]);
});

test('valence and arousal are the expectation of the coordinates', () => {
  const halfHappyHalfSad = [0, 0.5, 0, 0.5, 0, 0, 0, 0];
  const { valence, arousal } = expectedValenceArousal(halfHappyHalfSad, CIRCUMPLEX);
  expect(valence).toBeCloseTo(0.1, 12);
  expect(arousal).toBeCloseTo(0.1, 12);
});

test('the first of equals is the top', () => {
  expect([topIndex([1, 3, 3]), topIndex([2]), topIndex([-3, -1, -2])]).toEqual([1, 0, 1]);
});
