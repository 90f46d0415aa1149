import type { ShownNotes } from '../domain/field-shapes.js';

/** Stands for a number that there is none of. */
const NONE = '–';

export const percentText = (share: number): string =>
  Number.isFinite(share) ? `${Math.round(100 * share)}\u00a0%` : NONE;

/** Intensity of an action unit, 0 to 5. */
export const strengthText = (strength: number): string => (Number.isFinite(strength) ? strength.toFixed(1) : NONE);

/** Valence or arousal: always with its sign. */
export const signedText = (value: number): string =>
  Number.isFinite(value) ? `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}` : NONE;

export const degreesText = (angle: number): string =>
  Number.isFinite(angle) ? `${Math.round(angle) < 0 ? '−' : ''}${Math.abs(angle).toFixed(0)}°` : NONE;

const TEXTS: Readonly<Record<ShownNotes['format'], (value: number) => string>> = {
  degrees: degreesText,
  percent: percentText,
  signed: signedText,
  plain: (value) => (Number.isFinite(value) ? value.toFixed(2) : NONE),
};

/** A number that is shown under its own name. */
export const numberText = (value: number, format: ShownNotes['format']): string => TEXTS[format](value);
