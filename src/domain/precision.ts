import type { Settled } from './settled.js';

/** The numbers that models compute with: single precision, or 8-bit integers in the networks that have such a form. */
export const PRECISIONS = ['float', 'int8'] as const;
/** One of them. */
export type Precision = (typeof PRECISIONS)[number];

/** What `precision` takes. */
export const PRECISION_CHOICES = ['auto', ...PRECISIONS] as const;
/** What can be asked for; `auto` is int8 where this machine is faster with it. */
export type PrecisionChoice = (typeof PRECISION_CHOICES)[number];

/** What the key of that name is for. */
export const PRECISION_TEXT =
  'Numbers that networks compute with; float: the same on every machine; int8: faster on processors with VNNI, close to float; auto: what a short measurement finds faster, kept per machine.';

/** What models compute with, and why it is not what was asked for. */
export type SettledPrecision = Settled<PrecisionChoice, Precision>;
