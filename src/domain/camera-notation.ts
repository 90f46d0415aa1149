import type { CameraField, CameraFields, OpenedField } from './camera-fields.js';
import { isOpened } from './camera-input.js';
import { CAMERA_KIND_NAMES, type CameraKind, kindNotes } from './camera-kinds.js';

/** How one way to write settings (YAML, JSON) writes each shape, as a schema of some library. */
export interface Notation<Schema> {
  readonly shapes: {
    readonly [S in CameraField['shape']]: (field: Extract<CameraField, { readonly shape: S }>) => Schema;
  };
  /** The schema of a setting that may be left out, with its default. */
  readonly initially: (schema: Schema, field: Exclude<CameraField, OpenedField>) => Schema;
}

type Written<F extends CameraFields, Schema> = { readonly [K in keyof F]: Schema };

/** Settings without their defaults. */
export function bareFields<F extends CameraFields, Schema>(
  fields: F,
  { shapes }: Notation<Schema>,
): Written<F, Schema> {
  const schemaOf = shapes as Readonly<Record<string, (field: CameraField) => Schema>>;
  const written = Object.entries(fields).map(([name, field]) => [name, schemaOf[field.shape]!(field)]);
  return Object.fromEntries(written) as Written<F, Schema>;
}

/** Settings that are their defaults when left out, but for what is opened. */
export function fullFields<F extends CameraFields, Schema>(fields: F, notation: Notation<Schema>): Written<F, Schema> {
  const written = Object.entries<Schema>(bareFields(fields, notation)).map(([name, schema]) => {
    const field = fields[name]!;
    return [name, isOpened(field) ? schema : notation.initially(schema, field)];
  });
  return Object.fromEntries(written) as Written<F, Schema>;
}

/** Every kind of camera, its settings in a notation. */
export function writtenKinds<Schema>(notation: Notation<Schema>): {
  readonly kind: CameraKind;
  readonly about: string;
  readonly fields: Readonly<Record<string, Schema>>;
}[] {
  return CAMERA_KIND_NAMES.map((kind) => {
    const { about, fields } = kindNotes(kind);
    return { kind, about, fields: fullFields(fields, notation) };
  });
}
