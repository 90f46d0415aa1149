import { expect, test } from 'vitest';
import { compact, csvField, fixed, rounded } from '../../../src/record/number-text.js';

test.each([
  [1.25, 1, '1.3'],
  [1.2, 3, '1.200'],
  [-0.04, 1, '0.0'],
  [-0.05, 1, '-0.1'],
  [0, 2, '0.00'],
  [12.999, 2, '13.00'],
  [-2.71849, 3, '-2.718'],
  [7, 0, '7'],
  [3e9, 2, '3000000000.00'],
  [0.1234567, 6, '0.123457'],
])('fixed(%d, %d) = %s', (value, digits, text) => {
  expect(fixed(value, digits)).toBe(text);
});

test.each([
  [1.2, 2, '1.2'],
  [1.005, 2, '1'],
  [10, 2, '10'],
  [100.5, 2, '100.5'],
  [-0.001, 2, '0'],
  [-0.05, 2, '-0.05'],
  [0.000001, 6, '0.000001'],
  [2.5e9, 1, '2500000000'],
])('compact(%d, %d) = %s', (value, digits, text) => {
  expect(compact(value, digits)).toBe(text);
});

test('the fast path prints what toFixed prints, but for ties and negative zero', () => {
  for (let step = -40_000; step <= 40_000; step += 7) {
    const value = step / 333;
    for (const digits of [0, 1, 2, 3]) {
      expect(fixed(value, digits)).toBe(value.toFixed(digits).replace(/^-(0(?:\.0*)?)$/, '$1'));
      expect(Number(compact(value, digits))).toBe(rounded(value, digits));
    }
  }
});

test('what is missing or not finite is empty, never 0', () => {
  for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(fixed(value, 2)).toBe('');
    expect(compact(value, 2)).toBe('');
  }
});

test('negative zero is never printed', () => {
  expect(Object.is(rounded(-0.0001, 2), 0)).toBe(true);
});

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['', ''],
])('csvField(%j) = %j', (text, field) => {
  expect(csvField(text)).toBe(field);
});
