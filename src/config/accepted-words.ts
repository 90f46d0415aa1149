import { z } from 'zod';
import { CAMERA_ID, CAMERA_ID_WORDS } from '../domain/camera-id.js';
import { acceptsOf } from './keys.js';
import { unwrap } from './schema-walk.js';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Patterns that have words. */
const PATTERN_WORDS: Readonly<Record<string, string>> = {
  [CAMERA_ID.source]: CAMERA_ID_WORDS,
};

/** What a schema accepts, in words: those of its `key`, else what its structure says. */
export function acceptedWords(schema: z.core.$ZodType): string {
  const said = acceptsOf(unwrap(schema));
  return said ?? wordsOf(z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' }));
}

function wordsOf(schema: JsonSchema): string {
  const { enum: choices, anyOf, oneOf, type } = schema;
  if (choices) return `one of ${choices.join(', ')}`;
  if (schema.const !== undefined) return String(schema.const);
  const either = (anyOf ?? oneOf)?.map((each) => wordsOf(each as JsonSchema));
  if (either) return [...new Set(either)].join(', or ');
  switch (type) {
    case 'integer':
      return `a whole number${bounds(schema.minimum, schema.maximum)}`;
    case 'number':
      return `a number${bounds(schema.minimum, schema.maximum)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list${bounds(schema.minItems, schema.maxItems, 'of')}`;
    case 'string':
      return textWords(schema);
    default:
      return type === 'object' ? 'a group of keys' : String(type ?? 'a value');
  }
}

function textWords({ pattern, minLength, maxLength }: JsonSchema): string {
  if (pattern !== undefined) return PATTERN_WORDS[pattern] ?? `text like ${pattern}`;
  if (maxLength === undefined) return 'text';
  return minLength === undefined ? `at most ${maxLength} characters` : `${minLength} to ${maxLength} characters`;
}

/** Bounds that only say "what a number of JavaScript can be" are left out. */
function bounds(least: number | undefined, most: number | undefined, from = 'from'): string {
  const [low, high] = [least, most].map((value) =>
    value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value,
  );
  if (low === undefined) return high === undefined ? '' : ` of at most ${high}`;
  return high === undefined ? ` of at least ${low}` : ` ${from} ${low} to ${high}`;
}
