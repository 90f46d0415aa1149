import { areasProblem, CORNERS } from './areas.js';
import { beginnings, LONGEST_ADDRESS, parseAddress } from './camera-address.js';
import type { CameraField, OpenedField, Pixels } from './camera-fields.js';
import { CAMERA_KIND_NAMES, type CameraInput, type CameraKind, kindNotes } from './camera-kinds.js';
import { TURNS, type Turn } from './frame.js';
import { textProblem } from './plain-text.js';

/** Most characters of what is opened. */
export const LONGEST = { address: LONGEST_ADDRESS, device: 256, path: 2048 } as const;

/** "c:" is a drive. */
const LIKE_ADDRESS = /^[a-z][a-z0-9+.-]+:/i;

/** Whether text begins with a scheme, so that it is no path. */
export const looksLikeAddress = (text: string): boolean => LIKE_ADDRESS.test(text);

export function isOpened(field: CameraField): field is OpenedField {
  return field.shape === 'address' || field.shape === 'device' || field.shape === 'path';
}

/** The setting of a kind that says what is opened; null where pictures come by themselves. */
export function openedField(kind: CameraKind): { readonly name: string; readonly field: OpenedField } | null {
  for (const [name, field] of Object.entries(kindNotes(kind).fields)) if (isOpened(field)) return { name, field };
  return null;
}

/** What an input opens, with its text; null where pictures come by themselves. */
export function openedBy(
  input: CameraInput,
): { readonly name: string; readonly field: OpenedField; readonly text: string } | null {
  const opened = openedField(input.type);
  return opened && { ...opened, text: String(valuesOf(input)[opened.name]) };
}

/** Names of settings that say what is opened, of all kinds. */
export const OPENED_NAMES: ReadonlySet<string> = new Set(
  CAMERA_KIND_NAMES.flatMap((kind) => openedField(kind)?.name ?? []),
);

/** An input of a kind with everything but what it opens at its default. */
export function inputWithDefaults(kind: CameraKind, opened: string): CameraInput {
  const settings = Object.entries(kindNotes(kind).fields).map(([name, field]) => [
    name,
    isOpened(field) ? opened : field.initial,
  ]);
  return { type: kind, ...Object.fromEntries(settings) } as CameraInput;
}

/** Pure: the first setting of an input that is not as declared, and what is wrong with it; null when all are. */
export function settingProblem(input: CameraInput): { readonly name: string; readonly problem: string } | null {
  for (const [name, field] of Object.entries(kindNotes(input.type).fields)) {
    const problem = fieldProblem(field, valuesOf(input)[name]);
    if (problem !== null) return { name, problem };
  }
  return null;
}

/**
 * Pure: what is wrong with one setting, in a few words that repeat nothing of it; null when nothing is. Every door (YAML,
 * REST, command line, the check before a camera is opened) asks here, so that all have the same limits.
 */
export function fieldProblem(field: CameraField, value: unknown): string | null {
  switch (field.shape) {
    case 'address': {
      const parsed = parseAddress(String(value), field.schemes);
      return 'problem' in parsed ? parsed.problem : null;
    }
    case 'device':
      return textProblem(String(value), LONGEST.device);
    case 'path':
      return textProblem(String(value), LONGEST.path) ?? pathProblem(String(value));
    case 'choice':
      return field.choices.includes(String(value)) ? null : `must be ${acceptsOfField(field)}`;
    case 'turn':
      return TURNS.includes(value as Turn) ? null : `must be ${acceptsOfField(field)}`;
    case 'areas':
      return areasProblem(value);
    case 'flag':
      return typeof value === 'boolean' ? null : `must be ${acceptsOfField(field)}`;
    case 'pixels':
      return value === null || isPixelsWithin(value as Pixels, field) ? null : `must be ${acceptsOfField(field)}`;
    case 'rate':
    case 'whole': {
      if (value === null && field.shape === 'rate') return null;
      const within = typeof value === 'number' && value >= field.least && value <= field.most;
      return within && (field.shape === 'rate' || Number.isInteger(value)) ? null : `must be ${acceptsOfField(field)}`;
    }
  }
}

/** What a setting takes, in words for messages, without the word for null. */
export function acceptsOfField(field: CameraField): string {
  switch (field.shape) {
    case 'address':
      return `a URL with ${beginnings(field.schemes)}`;
    case 'device':
    case 'path':
      return field.accepts;
    case 'choice':
      return `one of ${field.choices.join(', ')}`;
    case 'turn':
      return `one of ${TURNS.join(', ')}`;
    case 'areas':
      return `a list of {name, points}, the points ${CORNERS.least} to ${CORNERS.most} corners [x, y] from 0 to 1`;
    case 'flag':
      return 'true or false';
    case 'pixels':
      return `a width of ${field.least.widthPx} to ${field.most.widthPx} and a height of ${field.least.heightPx} to ${field.most.heightPx} pixels`;
    case 'rate':
      return `a number from ${field.least} to ${field.most}`;
    case 'whole':
      return `a whole number from ${field.least} to ${field.most}`;
  }
}

const valuesOf = (input: CameraInput) => input as unknown as Readonly<Record<string, unknown>>;

const pathProblem = (text: string): string | null =>
  looksLikeAddress(text) ? 'begins like an address, not a path; before a file name with a colon write ./' : null;

function isPixelsWithin(
  { widthPx, heightPx }: Pixels,
  { least, most }: { readonly least: Pixels; readonly most: Pixels },
): boolean {
  const within = (value: number, low: number, high: number) => Number.isInteger(value) && value >= low && value <= high;
  return within(widthPx, least.widthPx, most.widthPx) && within(heightPx, least.heightPx, most.heightPx);
}
