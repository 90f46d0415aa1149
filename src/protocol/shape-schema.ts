import { z } from 'zod';
import type { NumberShape, Shape } from '../domain/field-shapes.js';

const wordsSchema = (words: readonly string[]) => z.enum(words as readonly [string, ...string[]]);

function numberSchema({ digits, min, max }: NumberShape): z.ZodType {
  let schema = digits === 0 ? z.number().int() : z.number();
  if (min !== undefined) schema = schema.min(min);
  if (max !== undefined) schema = schema.max(max);
  return schema;
}

/** What a schema says in words; empty for a group, whose fields speak for themselves. */
function aboutOf(shape: Shape): string {
  if ('about' in shape) return shape.about;
  switch (shape.kind) {
    case 'nullable':
    case 'optional':
    case 'staged':
      return aboutOf(shape.of);
    case 'mesh':
      return 'flat x, y, z in pixels of the working frame';
    default:
      return '';
  }
}

function bareSchema(shape: Shape): z.ZodType {
  switch (shape.kind) {
    case 'number':
      return numberSchema(shape);
    case 'flag':
      return z.boolean();
    case 'word':
      return wordsSchema(shape.words);
    case 'text':
      return z.string();
    case 'names':
      return z.array(z.string());
    case 'constant':
      return z.literal(shape.constant);
    case 'nullable':
      return bareSchema(shape.of).nullable();
    case 'optional':
      return bareSchema(shape.of).optional();
    case 'group':
      return objectSchema(shape.fields);
    case 'staged': {
      const stage = bareSchema(shape.of);
      const baselined = stage.nullable().describe('null until the baseline is ready');
      return z.object({ raw: stage, baselined, smoothed: stage });
    }
    case 'shares':
      return z.record(wordsSchema(shape.names), numberSchema(shape.of));
    case 'units':
      return z.record(z.string(), shapeSchema(shape.of));
    case 'reasons':
      return z.record(z.string(), z.string());
    case 'mesh':
      return z.array(z.number().nullable());
  }
}

/** Schema of the JSON of a declared field. */
export function shapeSchema(shape: Shape): z.ZodType {
  const about = aboutOf(shape);
  return about === '' ? bareSchema(shape) : bareSchema(shape).describe(about);
}

/** Schema of an object with these declared fields. */
export const objectSchema = (fields: Readonly<Record<string, Shape>>): z.ZodObject =>
  z.object(Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, shapeSchema(shape)])));
