import { claimedActionUnits, inOrder } from './claimed-units.js';

/** Entries of a list or members of an object that are looked at. */
const MOST = 256;
const NUMBER_MEMBERS = ['au', 'unit', 'actionunit', 'number', 'code', 'id', 'name'];
const STATE_MEMBERS = ['present', 'active', 'presence', 'intensity', 'degree', 'score', 'value', 'strength'];
const NO = /^(?:0(?:\.0+)?|no|none|absent|inactive|false|not (?:present|active|visible|seen))$/i;

const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const isAbsent = (state: unknown): boolean =>
  state === false || state === null || state === 0 || (typeof state === 'string' && NO.test(state.trim()));

/**
 * FACS numbers that a member of a JSON answer claims, rising: a list of numbers or texts ("AU12L lip corner puller",
 * "AU6+12"), a text ("AU6, AU12"), objects with a number and whether it is present, or an object from unit to strength
 * ({"AU6": 3}), where 0, false and "absent" are no claim. Null for what is none of these.
 */
export function unitsInJson(value: unknown): string[] | null {
  if (Array.isArray(value)) return inOrder(value.slice(0, MOST).flatMap((entry) => unitsOfEntry(entry)));
  if (typeof value === 'string') return claimedActionUnits(value.slice(0, 4_000));
  if (typeof value === 'number') return unitsOfNumber(value);
  return typeof value === 'object' && value !== null ? unitsOfMap(value) : null;
}

/** FACS numbers of an object whose members are units; null when none of them is. */
export function unitsOfMap(map: object): string[] | null {
  const units = Object.entries(map)
    .slice(0, MOST)
    .map(([name, state]) => ({ units: claimedActionUnits(name.slice(0, 80)), state }))
    .filter(({ units }) => units.length === 1);
  if (units.length === 0) return Object.keys(map).length === 0 ? [] : null;
  return inOrder(units.flatMap(({ units, state }) => (isAbsent(state) ? [] : units.map(Number))));
}

function unitsOfEntry(entry: unknown): number[] {
  if (typeof entry === 'string') return claimedActionUnits(entry.slice(0, 400)).map(Number);
  if (typeof entry === 'number') return unitsOfNumber(entry).map(Number);
  if (typeof entry !== 'object' || entry === null) return [];
  const members = Object.entries(entry).slice(0, MOST);
  const named = members.find(([name]) => NUMBER_MEMBERS.includes(plainName(name)));
  if (named === undefined) return (unitsOfMap(entry) ?? []).map(Number);
  const absent = members.some(([name, state]) => STATE_MEMBERS.includes(plainName(name)) && isAbsent(state));
  return absent ? [] : unitsOfEntry(typeof named[1] === 'object' ? null : named[1]);
}

const unitsOfNumber = (number: number): string[] =>
  Number.isInteger(number) && number >= 1 && number <= 69 ? [String(number)] : [];
