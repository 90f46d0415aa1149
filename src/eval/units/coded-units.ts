import type { StillReading } from '../still-reader.js';
import type { CodedFace } from './coded-faces.js';

/** What mien reads of one unit: probability of presence, and intensity 0..5. */
export type UnitReading = NonNullable<StillReading['actionUnits']>[string];

/** Closed eyes are 43, and 45 when they open again within half a second: one movement, which no picture tells apart. */
const CLOSED_EYES = ['43', '45'] as const;
const other = (unit: string): string | null =>
  unit === CLOSED_EYES[0] ? CLOSED_EYES[1] : unit === CLOSED_EYES[1] ? CLOSED_EYES[0] : null;

/**
 * Degree of a unit as the coder gave it, undefined where it was not coded. Closed eyes count for 43 and 45, whichever was coded;
 * a mouth that is stretched open (27) counts for 26 too, since the jaw has dropped and coders write only the one that goes farther.
 */
export function codeOf({ codes }: CodedFace, unit: string): number | undefined {
  const also = unit === '26' ? '27' : other(unit);
  const own = codes.get(unit);
  const second = also === null ? undefined : codes.get(also);
  if (second === undefined || (unit === '26' && own === undefined && second === 0)) return own;
  return Math.max(own ?? 0, second);
}

/** The unit that stands for `unit` in a list of mien's units or of coded ones: itself, else the other name of closed eyes; null for none. */
export function nameIn(units: readonly string[], unit: string): string | null {
  if (units.includes(unit)) return unit;
  const alike = other(unit);
  return alike !== null && units.includes(alike) ? alike : null;
}
