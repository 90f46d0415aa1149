import type { z } from 'zod';
import { describeIssues, type KeyProblem, unknownKey } from './describe-issues.js';
import type { KeyPath } from './layers.js';
import { defOf, isRecord, unwrap } from './schema-walk.js';

type Schema = z.core.$ZodType;

/** What is right of a value: keys that are wrong are missing, and elements that are wrong are null. */
export type Parts<T> = T extends readonly (infer E)[]
  ? readonly (Parts<E> | null)[]
  : T extends string | number | boolean | null | undefined
    ? T
    : { readonly [K in keyof T]?: Parts<T[K]> };

/**
 * Parses each key of groups, and each element of lists of groups, by itself, so that what is wrong at one place hides
 * nothing of another. Checks of a whole group are not made: the schema must have none.
 */
export function parseParts<S extends z.ZodType>(
  schema: S,
  value: unknown,
): { readonly parts: Parts<z.output<S>>; readonly problems: readonly KeyProblem[] } {
  const problems: KeyProblem[] = [];
  const parse = (part: Schema, given: unknown, path: KeyPath): unknown => {
    const inner = unwrap(part);
    const { shape, element } = defOf(inner);
    if (shape && isRecord(given)) return group(shape, given, path);
    if (element && isGroup(element) && Array.isArray(given)) {
      report(part, given, path, ({ length }) => length === 0);
      return given.map((item, index) => parse(element, item, [...path, index]) ?? null);
    }
    return report(part, given, path, () => true);
  };
  const group = (shape: Readonly<Record<string, Schema>>, given: Readonly<Record<string, unknown>>, path: KeyPath) => {
    const known = Object.keys(shape);
    for (const name of Object.keys(given))
      if (!known.includes(name)) problems.push({ path: [...path, name], text: unknownKey(name, known) });
    const read = known.map((name) => [name, parse(shape[name]!, given[name] ?? undefined, [...path, name])] as const);
    return Object.fromEntries(read.filter(([, part]) => part !== undefined));
  };
  /** The parsed value; undefined where it is wrong. Of its problems those are kept whose path inside it `counts`. */
  const report = (part: Schema, given: unknown, path: KeyPath, counts: (inside: KeyPath) => boolean): unknown => {
    const result = (part as z.ZodType).safeParse(given);
    if (result.success) return result.data;
    const issues = result.error.issues.filter((issue) => counts(issue.path as KeyPath));
    const placed = issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
    problems.push(...describeIssues(placed, { schema, shown: value }));
    return undefined;
  };
  return { parts: parse(schema, value, []) as Parts<z.output<S>>, problems };
}

const isGroup = (schema: Schema): boolean => defOf(unwrap(schema)).shape !== undefined;
