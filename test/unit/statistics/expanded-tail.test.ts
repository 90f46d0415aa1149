import { expect, it } from 'vitest';
import { expandedTail } from '../../../src/statistics/expanded-tail.js';

it('percentiles of few units are widened, those of many are not (numbers of recompute.py, which integrates the density of t)', () => {
  expect(expandedTail(1)).toBeNaN();
  expect(expandedTail(6)).toBeCloseTo(0.0024318, 6);
  expect(expandedTail(12)).toBeCloseTo(0.0107566, 5);
  expect(expandedTail(60)).toBeCloseTo(0.0218018, 5);
  expect(expandedTail(100_000)).toBeCloseTo(0.025, 5);
});
