import type { UnitReadings } from '../../domain/face-readings.js';
import { ABSENT_TO, byNumber } from '../unit-presence.js';

/** Where the two sides of a unit differ; the person's sides. */
export type Sidedness = 'left only' | 'right only' | 'more on the left' | 'more on the right' | null;

/** What is known of one action unit, both sides together. */
export interface UnitState {
  /** FACS number. */
  readonly number: number;
  /** unclear: neither clearly there nor clearly not. covered: something lies before what it needs. */
  readonly state: 'active' | 'absent' | 'unclear' | 'covered';
  /** 0..5; null where it is not read. */
  readonly intensity: number | null;
  readonly sides: Sidedness;
  /** Its sides are read one by one. */
  readonly sided: boolean;
}

/** Difference of intensities from which one side is said to be stronger. */
const STRONGER_BY = 0.75;

const numberOf = (key: string): string => key.replace(/[LR]$/, '');

/** Every unit that a record has a key for, by its FACS number, rising. */
export function unitStates(units: UnitReadings | null): readonly UnitState[] {
  if (units === null) return [];
  const numbers = [...new Set(Object.keys(units).map(numberOf))].sort(byNumber);
  return numbers.map((number) => stateOf(units, number));
}

/** The active ones, strongest first. */
export function activeStates(units: UnitReadings | null): readonly UnitState[] {
  return unitStates(units)
    .filter(({ state }) => state === 'active')
    .sort((a, b) => (b.intensity ?? 0) - (a.intensity ?? 0) || a.number - b.number);
}

function stateOf(units: UnitReadings, number: string): UnitState {
  const [left, right] = [units[`${number}L`], units[`${number}R`]];
  const together = units[number];
  const readings = (together ? [together] : [left, right]).flatMap((unit) => (unit ? [unit] : []));
  const seen = readings.filter(({ presence }) => presence !== null && Number.isFinite(presence));
  const presence = Math.max(-1, ...seen.map((unit) => unit.presence!));
  const active = seen.some((unit) => unit.active === true && unit.presence! > ABSENT_TO);
  const intensities = seen.flatMap(({ intensity }) => (intensity === null ? [] : [intensity]));
  const state = seen.length === 0 ? 'covered' : active ? 'active' : presence > ABSENT_TO ? 'unclear' : 'absent';
  return {
    number: Number(number),
    state,
    intensity: seen.length === 0 || intensities.length === 0 ? null : Math.max(...intensities),
    sides: state === 'active' ? sidesOf(left, right) : null,
    sided: left !== undefined && right !== undefined,
  };
}

type Side = UnitReadings[string] | undefined;

/** Said only where both sides are read and clearly differ. */
function sidesOf(left: Side, right: Side): Sidedness {
  if (left?.presence == null || right?.presence == null) return null;
  const isAbsent = (side: NonNullable<Side>): boolean => side.presence! <= ABSENT_TO && side.active !== true;
  if (left.active === true && isAbsent(right)) return 'left only';
  if (right.active === true && isAbsent(left)) return 'right only';
  if (left.active !== true || right.active !== true || left.intensity === null || right.intensity === null) return null;
  const difference = left.intensity - right.intensity;
  if (Math.abs(difference) < STRONGER_BY) return null;
  return difference > 0 ? 'more on the left' : 'more on the right';
}
