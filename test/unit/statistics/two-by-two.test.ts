import { expect, test } from 'vitest';
import { addTables, f1, kappa, NOTHING_SAID, precision, recall } from '../../../src/statistics/two-by-two.js';

const table = (both: number, onlyA: number, onlyB: number, neither: number) => ({ both, onlyA, onlyB, neither });

test('numbers worked out by hand', () => {
  // Agreement 35/50, chance (25·30 + 25·20)/2500 = 0.5: kappa 0.4.
  const said = table(20, 5, 10, 15);
  expect(kappa(said)).toBeCloseTo(0.4, 12);
  expect(precision(said)).toBeCloseTo(20 / 30, 12);
  expect(recall(said)).toBeCloseTo(20 / 25, 12);
  expect(f1(said)).toBeCloseTo(40 / 55, 12);
});

test('nothing is made of nothing', () => {
  expect([kappa, precision, recall, f1].map((of) => of(NOTHING_SAID))).toEqual([null, null, null, null]);
  expect(kappa(table(0, 0, 0, 9))).toBeNull();
  expect(kappa(table(9, 0, 0, 0))).toBeNull();
  expect(kappa(table(5, 0, 0, 5))).toBe(1);
});

test('tables add up', () => {
  expect(addTables(table(1, 2, 3, 4), table(1, 1, 1, 1), 2)).toEqual(table(3, 4, 5, 6));
});
