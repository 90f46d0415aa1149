import { InvalidArgumentError } from 'commander';
import type { SoundChoice } from '../domain/sound.js';

/** A number that fits, for an option. */
export function number(check: (value: number) => boolean, expected: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || !check(value))
      throw new InvalidArgumentError(`expected ${expected}.`);
    return value;
  };
}

/** A stream by its number, or one of two words. */
export function soundChoice(text: string): SoundChoice {
  if (text === 'auto' || text === 'none') return text;
  if (!/^\d{1,3}$/.test(text))
    throw new InvalidArgumentError('Give auto, none or the number of a sound stream, from 0.');
  return Number(text);
}

/** A whole number in a range, for an option. */
export const whole = (least: number, most: number): ((text: string) => number) =>
  number(
    (value) => Number.isInteger(value) && value >= least && value <= most,
    `a whole number from ${least} to ${most}`,
  );

/** An empty name would be the current folder. */
export function named(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected a name.');
  return text;
}

/** Values of an option that may be given again. */
export const collected = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** A FACS degree as a number 1..5. */
export function degree(text: string): number {
  const value = 'ABCDE'.indexOf(text.toUpperCase()) + 1 || Number(text);
  if (text.length !== 1 || !(value >= 1 && value <= 5)) throw new InvalidArgumentError('expected a degree, A to E.');
  return value;
}

/** A share, above 0 and at most 1. */
export function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('expected a share, like 0.02.');
  return value;
}
