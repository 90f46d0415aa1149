import type { Shape } from '../domain/field-shapes.js';
import { type FaceRecordJson, RECORD_FIELDS, type RecordFields } from '../domain/record-fields.js';
import { STAGES } from './leaves.js';
import { rounded } from './number-text.js';

/** Fields that a packed record keeps as they are: words, flags, names and reasons of the record itself, and its track, whose numbers may outgrow a float. */
type KeptShape = { readonly kind: 'word' | 'flag' | 'reasons' | 'names' };
type KeptKeys =
  | {
      [K in keyof RecordFields]: RecordFields[K] extends KeptShape | { readonly of: KeptShape } ? K : never;
    }[keyof RecordFields]
  | 'track';
/** Fields that are those of the frame, not of a face in it. */
const FRAME_KEYS = ['v', 'source', 'frame', 'ptsUs', 'wallTime'] as const;
type FrameKeys = (typeof FRAME_KEYS)[number];

/** What a packed record takes from its frame. */
export type FrameFacts = Pick<FaceRecordJson, Exclude<FrameKeys, 'v'>>;

export interface PackedRecord {
  readonly kept: Pick<FaceRecordJson, KeptKeys>;
  /** Every number, NaN for null, and every word and flag inside of groups as a number. */
  readonly values: Float32Array;
}

type Entries = Readonly<Record<string, unknown>>;
type Take = () => number;

const isKeptShape = (shape: Shape): boolean =>
  shape.kind === 'nullable' || shape.kind === 'optional'
    ? isKeptShape(shape.of)
    : ['word', 'flag', 'reasons', 'names'].includes(shape.kind);
const isKept = ([key, shape]: readonly [string, Shape]): boolean => key === 'track' || isKeptShape(shape);
const isOfFrame = (key: string): boolean => key === 'mesh' || (FRAME_KEYS as readonly string[]).includes(key);

const entries = Object.entries(RECORD_FIELDS) as [string, Shape][];
const KEPT = entries.filter(isKept).map(([key]) => key);
/** Action units last, so that all other places are the same for every model. */
const PACKED = entries
  .filter((entry) => !isKept(entry) && !isOfFrame(entry[0]))
  .sort(([a], [b]) => Number(a === 'actionUnits') - Number(b === 'actionUnits'));

/** What lies inside of a shape, in the order in which it is packed. Null: it is a single value. */
function inside(shape: Shape, units: readonly string[]): readonly (readonly [key: string, shape: Shape])[] | null {
  switch (shape.kind) {
    case 'group':
      return Object.entries(shape.fields);
    case 'staged':
      return STAGES.map((stage) => [stage, shape.of]);
    case 'shares':
      return shape.names.map((name) => [name, shape.of]);
    case 'units':
      return units.map((key) => [key, shape.of]);
    default:
      return null;
  }
}

/** One number of a packed record: where it is in the JSON, and how it becomes a number. */
interface Step {
  readonly keys: readonly string[];
  readonly encode: (value: unknown) => number;
}

const asNumber = (value: unknown): number => Number(value);

/** All numbers inside of a shape, in the order in which they are packed. */
function* stepsOf(shape: Shape, keys: readonly string[], units: readonly string[]): Generator<Step> {
  if (shape.kind === 'nullable' || shape.kind === 'optional') {
    yield* stepsOf(shape.of, keys, units);
    return;
  }
  const parts = inside(shape, units);
  if (parts) for (const [key, part] of parts) yield* stepsOf(part, [...keys, key], units);
  else if (shape.kind === 'word') yield { keys, encode: (value) => shape.words.indexOf(value as string) };
  else if (shape.kind !== 'constant') yield { keys, encode: asNumber };
}

/** NaN where the value, or anything around it, is missing. */
function packed({ keys, encode }: Step, record: unknown): number {
  let value = record;
  for (const key of keys) {
    if (value === null || value === undefined) return Number.NaN;
    value = (value as Entries)[key];
  }
  return value === null || value === undefined ? Number.NaN : encode(value);
}

/** The value that was packed; undefined where all of it was missing. */
function unpack(shape: Shape, units: readonly string[], take: Take): unknown {
  if (shape.kind === 'nullable') return unpack(shape.of, units, take) ?? null;
  if (shape.kind === 'optional') return unpack(shape.of, units, take);
  const parts = inside(shape, units);
  if (parts) {
    const read = parts.map(([key, part]) => [key, unpack(part, units, take)] as const);
    const present = read.filter(([key, value]) => value !== undefined && value !== null && !isConstant(shape, key));
    if (present.length === 0) return undefined;
    if (shape.kind === 'units') return Object.fromEntries(present);
    const made = Object.fromEntries(read.map(([key, value]) => [key, value ?? null]));
    return shape.kind === 'staged'
      ? { raw: made.raw, baselined: made.baselined ?? null, smoothed: made.smoothed }
      : made;
  }
  if (shape.kind === 'constant') return shape.constant;
  const value = take();
  if (Number.isNaN(value)) return undefined;
  if (shape.kind === 'word') return shape.words[value];
  if (shape.kind === 'flag') return value === 1;
  return shape.kind === 'number' ? rounded(value, shape.digits) : undefined;
}

const isConstant = (shape: Shape, key: string): boolean =>
  shape.kind === 'group' && shape.fields[key]?.kind === 'constant';

const stepsWith = (units: readonly string[]): readonly Step[] =>
  PACKED.flatMap(([key, shape]) => [...stepsOf(shape, [key], units)]);

/** Places of the numbers in `values` by path; of a group the place of its first number. */
function placesOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [at, { keys }] of steps.entries()) {
    for (let depth = 1; depth <= keys.length; depth++) {
      const path = keys.slice(0, depth).join('.');
      if (!places.has(path)) places.set(path, at);
    }
  }
  return places;
}

const WITH_ONE_UNIT = stepsWith(['*']);
const UNIT_LENGTH = WITH_ONE_UNIT.length - stepsWith([]).length;
const PLACES = placesOf(WITH_ONE_UNIT);

/** Place in `values` of a number ("pose.yaw"), or of the first number of a group ("emotions.smoothed"). Throws RangeError for others. */
export function placeOf(path: string): number {
  const place = PLACES.get(path);
  if (place === undefined) throw new RangeError(`${path} is not a number of a record`);
  return place;
}

/** Place of a number of an action unit ("presence.smoothed"), by the unit's position among those of the packer. */
export const unitPlaceOf = (position: number, path: string): number =>
  placeOf(`actionUnits.*.${path}`) + UNIT_LENGTH * position;

export interface RecordPacker {
  pack(record: FaceRecordJson): PackedRecord;
  /** The record as it was sent, without landmarks. */
  unpack(packed: PackedRecord, frame: FrameFacts): FaceRecordJson;
}

/**
 * Packs the JSON of records into a fifth of its memory: 32-bit floats, which hold the decimals that were sent.
 *
 * @param units - keys of the action units that the records carry
 */
export function createRecordPacker(units: readonly string[]): RecordPacker {
  const steps = stepsWith(units);
  return {
    pack(record) {
      const values = Float32Array.from(steps, (step) => packed(step, record));
      const kept = Object.fromEntries(KEPT.map((key) => [key, (record as unknown as Entries)[key]]));
      return { kept: kept as unknown as PackedRecord['kept'], values };
    },
    unpack({ kept, values }, frame) {
      let at = 0;
      const take: Take = () => values[at++]!;
      const numbers = new Map(PACKED.map(([key, shape]) => [key, unpack(shape, units, take)] as const));
      const facts: Entries = { v: RECORD_FIELDS.v.constant, ...frame, ...kept };
      const fields = entries.flatMap(([key]) => {
        const value = numbers.has(key) ? numbers.get(key) : facts[key];
        return value === undefined ? [] : [[key, value] as const];
      });
      return Object.fromEntries(fields) as unknown as FaceRecordJson;
    },
  };
}
