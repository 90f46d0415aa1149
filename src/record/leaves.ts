import { actionUnit } from '../domain/action-units.js';
import type { FlagShape, NamesShape, NumberShape, Shape, TextShape, WordShape } from '../domain/field-shapes.js';
import { type FaceRecord, RECORD_FIELDS } from '../domain/record-fields.js';

export type LeafValue = number | string | boolean | null;

/** The stages of a staged quantity, in the order of files. */
export const STAGES = ['raw', 'baselined', 'smoothed'] as const;
export type Stage = (typeof STAGES)[number];

/** One single value somewhere in a record. */
export interface Leaf {
  /** Keys from the record down, by dots: "pose.yaw", "emotions.raw.fear", "actionUnits.12L.active". */
  readonly path: string;
  readonly shape: NumberShape | FlagShape | WordShape | TextShape | NamesShape;
  /** Null where the quantity has no stages. */
  readonly stage: Stage | null;
  /** Key of the action unit it belongs to. */
  readonly unit: string | null;
  /** The last key of the path. */
  readonly name: string;
  readonly value: (record: FaceRecord) => LeafValue;
}

interface At {
  readonly keys: readonly string[];
  readonly stage: Stage | null;
  readonly unit: string | null;
  readonly get: (record: FaceRecord) => unknown;
}

function child(at: At, key: string, property: string | number = key): At {
  const { get } = at;
  return {
    ...at,
    keys: [...at.keys, key],
    get: (record) => (get(record) as Record<string | number, unknown> | null | undefined)?.[property],
  };
}

function* walk(shape: Shape, at: At, units: readonly string[]): Generator<Leaf> {
  switch (shape.kind) {
    case 'number':
    case 'flag':
    case 'word':
    case 'text': {
      const { get, stage, unit } = at;
      const value = (record: FaceRecord): LeafValue => (get(record) as LeafValue | undefined) ?? null;
      yield { path: at.keys.join('.'), shape, stage, unit, name: at.keys.at(-1)!, value };
      return;
    }
    case 'names': {
      const { get, stage, unit } = at;
      const value = (record: FaceRecord): LeafValue =>
        (get(record) as readonly string[] | undefined)?.join(';') ?? null;
      yield { path: at.keys.join('.'), shape, stage, unit, name: at.keys.at(-1)!, value };
      return;
    }
    case 'nullable':
    case 'optional':
      yield* walk(shape.of, at, units);
      return;
    case 'group':
      for (const [key, field] of Object.entries(shape.fields)) yield* walk(field, child(at, key), units);
      return;
    case 'staged':
      for (const stage of STAGES) yield* walk(shape.of, { ...child(at, stage), stage }, units);
      return;
    case 'shares':
      for (const [index, name] of shape.names.entries()) yield* walk(shape.of, child(at, name, index), units);
      return;
    case 'units':
      for (const key of units) yield* walk(shape.of, { ...child(at, key), unit: key }, units);
      return;
    case 'constant':
    case 'reasons':
    case 'mesh':
      return;
  }
}

/**
 * Every single value of a record, in the order of its declaration; action units last, as their number depends on the
 * model.
 *
 * @param units - keys of the action units that the model reads
 */
export function leavesOf(units: readonly string[]): readonly Leaf[] {
  const root: At = { keys: [], stage: null, unit: null, get: (record) => record };
  return Object.entries(RECORD_FIELDS).flatMap(([key, field]) => [...walk(field, child(root, key), units)]);
}

/** Start of the column names of an action unit: "au01", "au12_left". */
export function actionUnitStem(key: string): string {
  const { number, side } = actionUnit(key);
  return `au${String(number).padStart(2, '0')}${side === null ? '' : `_${side}`}`;
}

/** A template of a declaration, filled in for a leaf. */
export function filledIn(template: string, { stage, unit, name }: Leaf): string {
  const filled = template.replace('{stage}', stage ?? '').replace('{name}', name);
  if (unit === null) return filled;
  const { code, name: unitName } = actionUnit(unit);
  return filled.replace('{unit}', actionUnitStem(unit)).replace('{title}', `${code} ${unitName}`);
}
