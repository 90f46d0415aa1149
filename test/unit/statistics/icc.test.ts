import { expect, test } from 'vitest';
import { icc } from '../../../src/statistics/icc.js';

/** Four judges on six targets: table 2 of Shrout and Fleiss (1979), whose table 4 gives .29 and .71. */
const SHROUT_FLEISS = [
  [9, 2, 5, 8],
  [6, 1, 3, 2],
  [8, 4, 6, 8],
  [7, 1, 2, 6],
  [10, 5, 6, 9],
  [6, 2, 4, 7],
];

test('the published example', () => {
  const found = icc(SHROUT_FLEISS)!;
  expect(found.agreement).toBeCloseTo(0.2898, 4);
  expect(found.consistency).toBeCloseTo(0.7148, 4);
});

test('a constant difference counts against agreement alone', () => {
  const found = icc([
    [1, 3],
    [2, 4],
    [3, 5],
  ])!;
  expect(found.consistency).toBeCloseTo(1, 12);
  // Targets 2, raters 6, error 0: (2 - 0) / (2 + 2 * (6 - 0) / 3).
  expect(found.agreement).toBeCloseTo(1 / 3, 12);
});

test.each([
  [[]],
  [[[1, 2]]],
  [[[1], [2]]],
  [
    [
      [1, 1],
      [1, 1],
    ],
  ],
])('too little to tell: %j', (table) => {
  expect(icc(table)).toBeNull();
});
