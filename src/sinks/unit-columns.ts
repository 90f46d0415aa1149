import { actionUnit } from '../domain/action-units.js';

/** Key in a record of a unit as other tools number it: "01" is "1". */
export const unitKey = (padded: string): string => String(Number(padded));

/** How the units of a model meet the columns of another tool's file. */
export interface UnitsInFile {
  /** Columns that the model fills, and those it leaves empty, in the file's order. */
  readonly filled: readonly string[];
  readonly empty: readonly string[];
  /** Codes of units that the file has no column for: one side of the face, or unknown to the tool. */
  readonly elsewhere: readonly string[];
}

/** Columns for `units` ("01") of a file, given the keys that the model reads. One side never stands for both. */
export function unitsInFile(
  keys: readonly string[],
  units: readonly string[],
  column: (unit: string) => string,
): UnitsInFile {
  const known = units.map(unitKey);
  return {
    filled: units.filter((unit) => keys.includes(unitKey(unit))).map(column),
    empty: units.filter((unit) => !keys.includes(unitKey(unit))).map(column),
    elsewhere: keys.filter((key) => !known.includes(key)).map((key) => actionUnit(key).code),
  };
}
