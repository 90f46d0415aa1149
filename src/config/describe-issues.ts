import type { z } from 'zod';
import { acceptedWords } from './accepted-words.js';
import { acceptsOf } from './keys.js';
import type { KeyPath } from './layers.js';
import { nearest } from './nearest.js';
import { choicesOf, keysAt, schemaAt, tagsAt, unwrap, valueAt } from './schema-walk.js';
import { showValue } from './show-value.js';

/** A problem whose place in the files is not known yet. */
export interface KeyProblem {
  readonly path: KeyPath;
  readonly text: string;
}

/**
 * What a schema found wrong, in words: what the key accepts and what it got; unknown keys and words with the nearest
 * known one. A check of a schema with a message of its own is told in that.
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
    if (hasOwnWords(issue)) {
      return [{ path, text: `${showValue(String(path.at(-1)), valueAt(shown, path))} ${issue.message}` }];
    }
    const at = schemaAt(schema, path, shown);
    // What tells the members of a union apart has no schema while none of them is meant.
    const choices = at ? choicesOf(at) : tagsAt(schema, path, shown);
    const around = choices.length > 0 ? `one of ${choices.join(', ')}` : 'a group of keys';
    const accepts = listWords(schema, path, shown) ?? (at ? acceptedWords(at) : around);
    const got = valueAt(shown, path);
    if (got === undefined) return [{ path, text: `missing; expected ${accepts}` }];
    const meant = typeof got === 'string' ? nearest(got, choices) : undefined;
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    return [{ path, text: `expected ${accepts}, got ${showValue(String(path.at(-1)), got)}${hint}` }];
  });
}

function hasOwnWords({ code, message }: z.core.$ZodIssue): boolean {
  return (code === 'custom' || code === 'invalid_format') && !message.startsWith('Invalid ');
}

/** Elements without words of their own are described by their list, where that has some. */
function listWords(schema: z.ZodType, path: KeyPath, shown: unknown): string | undefined {
  const at = schemaAt(schema, path, shown);
  if (typeof path.at(-1) !== 'number' || (at && acceptsOf(unwrap(at)) !== undefined)) return undefined;
  const around = schemaAt(schema, path.slice(0, -1), shown);
  const list = around && acceptsOf(unwrap(around));
  return list && `an element of ${list}`;
}

export function unknownKey(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `unknown key${meant ? `; did you mean "${meant}"?` : `; known: ${known.join(', ')}`}`;
}
