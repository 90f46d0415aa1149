/** Digits that a number of the table has. */
const DIGITS = 9;

/**
 * Rounded to nine significant digits, half away from zero, never negative zero: what any program that computes in 64-bit
 * floats agrees on, whatever the last bits of its sums are.
 */
export function significant(value: number): number {
  return Number(value.toPrecision(DIGITS)) + 0;
}
