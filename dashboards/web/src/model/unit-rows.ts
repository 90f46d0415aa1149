import { type ActionUnit, actionUnit, inFaceOrder } from '../../../../src/domain/action-units.js';

/** A unit with its sides: one row. */
export interface UnitRow {
  readonly unit: ActionUnit;
  /** Place in the server's list of the unit for both sides together, and of each side; -1 where there is none. */
  readonly place: number;
  readonly left: number;
  readonly right: number;
}

/** Rows for the server's keys: upper face first; sides join the row of their unit. */
export function unitRows(keys: readonly string[]): readonly UnitRow[] {
  const numbers = [...new Set(keys.map((key) => key.replace(/[LR]$/, '')))];
  return numbers
    .map((key) => ({
      unit: actionUnit(key),
      place: keys.indexOf(key),
      left: keys.indexOf(`${key}L`),
      right: keys.indexOf(`${key}R`),
    }))
    .sort((a, b) => inFaceOrder(a.unit, b.unit));
}
