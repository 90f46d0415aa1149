import type { z } from 'zod';
import { ACCEPTED_KINDS } from './camera-schema.js';
import { acceptsOf } from './keys.js';
import type { KeyPath } from './layers.js';
import { nearest } from './nearest.js';
import { keysAt, schemaAt, unwrap, valueAt } from './schema-walk.js';
import { showValue } from './show-value.js';

/** A problem whose place in the files is not known yet. */
export interface KeyProblem {
  readonly path: KeyPath;
  readonly text: string;
}

/**
 * What a schema found wrong, in words: what the key accepts and what it got; unknown keys with the nearest known one.
 *
 * A schema whose own words should be shown adds a custom issue with `params.telling`.
 *
 * @param shown - the settings as written (placeholders not filled in), from which received values are shown
 */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  { schema, shown }: { readonly schema: z.ZodType; readonly shown: unknown },
): KeyProblem[] {
  return issues.flatMap((issue): KeyProblem[] => {
    const path = issue.path as KeyPath;
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, path, shown);
      return issue.keys.map((name) => ({ path: [...path, name], text: unknownKey(name, known) }));
    }
    if (issue.code === 'custom' && issue.params?.telling === true) {
      return [{ path, text: `${showValue(String(path.at(-1)), valueAt(shown, path))} ${issue.message}` }];
    }
    const at = schemaAt(schema, path, shown);
    const accepts = (at && acceptsOf(unwrap(at))) ?? acceptsAround(schema, path, shown);
    const got = valueAt(shown, path);
    const text =
      got === undefined
        ? `missing; expected ${accepts}`
        : `expected ${accepts}, got ${showValue(String(path.at(-1)), got)}`;
    return [{ path, text }];
  });
}

/** Elements of a list are described by their list; a camera without a known type by the types there are. */
function acceptsAround(schema: z.ZodType, path: KeyPath, shown: unknown): string {
  if (path.at(-1) === 'type') return ACCEPTED_KINDS;
  const around = schemaAt(schema, path.slice(0, -1), shown);
  const list = around && acceptsOf(unwrap(around));
  return typeof path.at(-1) === 'number' && list ? `an element of ${list}` : 'a group of keys';
}

export function unknownKey(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `unknown key${meant ? `; did you mean "${meant}"?` : `; known: ${known.join(', ')}`}`;
}
