import type { MeasuredPriors } from '../domain/insight.js';

/** Presence from which a unit counts as present, and up to which as absent; between them it is too close to call. */
export const PRESENT_FROM = 0.5;
export const ABSENT_TO = 0.3;
/** Presence from which it is so clear that a text which leaves it out has missed it. */
export const CLEAR_FROM = 0.8;

/** A FACS number as measurements and claims are named by it. */
export const isUnitNumber = (key: string): boolean => /^[1-9]\d?$/.test(key);

export const byNumber = (a: string, b: string): number => Number(a) - Number(b);

/** Whether a unit is present (true), absent (false) or too close to call (null); undefined: it is not measured. */
export function presenceOf(units: MeasuredPriors['actionUnits'], unit: string): boolean | null | undefined {
  if (units === null || !Object.hasOwn(units, unit)) return undefined;
  const { presence } = units[unit]!;
  if (!Number.isFinite(presence)) return undefined;
  if (presence >= PRESENT_FROM) return true;
  return presence <= ABSENT_TO ? false : null;
}
