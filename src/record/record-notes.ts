import type { Shape } from '../domain/field-shapes.js';
import { RECORD_FIELDS } from '../domain/record-fields.js';

function* notes(shape: Shape, path: string): Generator<readonly [path: string, about: string]> {
  switch (shape.kind) {
    case 'nullable':
    case 'optional':
      yield* notes(shape.of, path);
      return;
    case 'group':
      for (const [key, field] of Object.entries(shape.fields)) yield* notes(field, `${path}.${key}`);
      return;
    case 'staged':
      for (const [key, about] of notes(shape.of, path)) {
        yield [key, `${about}; raw, baselined and smoothed`];
      }
      return;
    case 'units':
      yield* notes(shape.of, `${path}.*`);
      return;
    case 'constant':
    case 'mesh':
      return;
    default:
      yield [path, shape.about];
  }
}

/**
 * What each field of every record holds, by its path, for manifests; `*` stands for the key of an action unit.
 *
 * @param units - whether the run reads action units
 */
export function recordNotes(units: boolean): Readonly<Record<string, string>> {
  const fields = Object.entries(RECORD_FIELDS).filter(([key]) => units || key !== 'actionUnits');
  return Object.fromEntries(fields.flatMap(([key, shape]) => [...notes(shape, key)]));
}
