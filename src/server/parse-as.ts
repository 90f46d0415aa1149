import type { z } from 'zod';
import { describeIssues } from '../config/describe-issues.js';
import { keyText } from '../config/layers.js';
import { Problem } from './problem.js';

/** Problems that are spelled out, and longest text of a refusal. */
const MAX_SHOWN = 5;
const LONGEST = 500;

/**
 * What a client sent, as its schema reads it. Throws BAD_REQUEST, on one line, in the words that mien uses for the same
 * mistake in a configuration.
 *
 * @param what - what it is called when it is wrong as a whole: "body"
 */
export function parseAs<S extends z.ZodType>(schema: S, sent: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const fields = describeIssues(parsed.error.issues, { schema, shown: sent })
    .slice(0, MAX_SHOWN)
    .map(({ path, text }) => ({ key: keyText(path).slice(0, LONGEST), text: oneLine(text) }));
  const lines = fields.map(({ key, text }) => `${key || what}: ${text}`);
  throw new Problem('BAD_REQUEST', oneLine(lines.join('; ')), {}, fields);
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, LONGEST);
