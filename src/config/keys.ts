import { resolve } from 'node:path';
import { z } from 'zod';
import { BYTES_PATTERN, bytesOf, DURATION_PATTERN, durationMs } from './quantities.js';

/** What a key accepts, in words for messages and tables. */
const ACCEPTS = z.registry<{ accepts: string }>();

/** A schema with its description and, for messages, what it accepts. */
export function key<S extends z.ZodType>(schema: S, words: { readonly accepts: string; readonly text: string }): S {
  const described = schema.describe(words.text) as S;
  ACCEPTS.add(described, { accepts: words.accepts });
  return described;
}

/** What a schema made by `key` accepts; undefined for others. */
export function acceptsOf(schema: z.core.$ZodType): string | undefined {
  return ACCEPTS.get(schema as z.ZodType)?.accepts;
}

/** A folder of this machine; absolute, from where the process was started. */
export function folder(text: string) {
  const path = z
    .string()
    .min(1)
    .max(4096)
    .transform((given) => resolve(given));
  return key(path, { accepts: 'a path', text });
}

export function whole(options: { readonly least: number; readonly most: number; readonly text: string }) {
  const { least, most, text } = options;
  return key(z.int().min(least).max(most), { accepts: `a whole number from ${least} to ${most}`, text });
}

export function number(options: { readonly least: number; readonly most: number; readonly text: string }) {
  const { least, most, text } = options;
  return key(z.number().min(least).max(most), { accepts: `a number from ${least} to ${most}`, text });
}

export function flag(text: string) {
  return key(z.boolean(), { accepts: 'true or false', text });
}

export function choice<const C extends readonly [string, ...string[]]>(choices: C, text: string) {
  return key(z.enum(choices), { accepts: `one of ${choices.join(', ')}`, text });
}

const VARIABLE = '[A-Za-z_][A-Za-z0-9_]{0,127}';
const A_VARIABLE = 'the name of an environment variable';

/** The name of an environment variable. */
export function variable(text: string) {
  return key(z.string().regex(new RegExp(`^${VARIABLE}$`)), { accepts: A_VARIABLE, text });
}

/** The same, or "" for none. */
export function optionalVariable(text: string) {
  return key(z.string().regex(new RegExp(`^(${VARIABLE})?$`)), { accepts: `${A_VARIABLE}, or "" for none`, text });
}

/** A duration between two durations; parsed to milliseconds. */
export function duration(options: { readonly least: string; readonly most: string; readonly text: string }) {
  const { least, most, text } = options;
  const [low, high] = [durationMs(least)!, durationMs(most)!];
  const schema = z
    .string()
    .regex(DURATION_PATTERN)
    .transform((value) => durationMs(value) ?? Number.NaN)
    .refine((ms) => ms >= low && ms <= high);
  return key(schema, { accepts: `a duration from ${least} to ${most} (units ms, s, m, h)`, text });
}

/** A data size between two data sizes; parsed to bytes. */
export function dataSize(options: { readonly least: string; readonly most: string; readonly text: string }) {
  const { least, most, text } = options;
  const [low, high] = [bytesOf(least)!, bytesOf(most)!];
  const schema = z
    .string()
    .regex(BYTES_PATTERN)
    .transform((value) => bytesOf(value) ?? Number.NaN)
    .refine((bytes) => bytes >= low && bytes <= high);
  return key(schema, { accepts: `a data size from ${least} to ${most} (units B, KiB, MiB, GiB)`, text });
}
