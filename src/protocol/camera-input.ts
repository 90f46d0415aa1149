import { z } from 'zod';
import { AREA_NAME_WORDS, CORNERS, MOST_AREAS } from '../domain/areas.js';
import { beginnings } from '../domain/camera-address.js';
import type { AreasField, OpenedField, Pixels } from '../domain/camera-fields.js';
import { fieldProblem, LONGEST } from '../domain/camera-input.js';
import type { CameraInput } from '../domain/camera-kinds.js';
import { type Notation, writtenKinds } from '../domain/camera-notation.js';
import { TURNS } from '../domain/frame.js';

/** Text that is opened; what is wrong with it is told in the words of `fieldProblem`. */
function opened(field: OpenedField, accepts: string): z.ZodType {
  const schema = z.string().superRefine((text, context) => {
    const problem = fieldProblem(field, text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });
  const about = `${field.text} ${accepts}`;
  return schema.meta({ minLength: 1, maxLength: LONGEST[field.shape], description: about });
}

function side(least: Pixels, most: Pixels, name: keyof Pixels): z.ZodType {
  return z.number().int().min(least[name]).max(most[name]);
}

const share = z.number().min(0).max(1);
const area = z.strictObject({
  name: z.string().min(1).max(40).describe(AREA_NAME_WORDS),
  points: z
    .array(z.tuple([share, share]))
    .min(CORNERS.least)
    .max(CORNERS.most)
    .describe('corners [x, y] in order, shares of the width and height of the picture'),
});

function areasSchema(field: AreasField): z.ZodType {
  const schema = z.array(area).max(MOST_AREAS);
  return schema
    .superRefine((areas, context) => {
      const problem = fieldProblem(field, areas);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .describe(field.text);
}

/** Settings of a camera as JSON. */
export const JSON_NOTATION: Notation<z.ZodType> = {
  shapes: {
    address: (field) => opened(field, `${beginnings(field.schemes)}; may hold credentials, which are never shown.`),
    device: (field) => opened(field, `Takes ${field.accepts}.`),
    path: (field) => opened(field, `Takes ${field.accepts}.`),
    choice: ({ choices, text }) => z.enum(choices).describe(text),
    flag: ({ text }) => z.boolean().describe(text),
    pixels: ({ least, most, text }) =>
      z
        .strictObject({ widthPx: side(least, most, 'widthPx'), heightPx: side(least, most, 'heightPx') })
        .nullable()
        .describe(`${text} null: auto.`),
    rate: ({ least, most, none, text }) =>
      z.number().min(least).max(most).nullable().describe(`${text} null: ${none}.`),
    whole: ({ least, most, text }) => z.number().int().min(least).max(most).describe(text),
    areas: (field) => areasSchema(field),
    turn: ({ text }) => z.literal(TURNS).describe(text),
  },
  initially: (schema, { initial }) => schema.default(initial),
};

/** Where a camera's video comes from. */
export const cameraInput = z.discriminatedUnion(
  'type',
  writtenKinds(JSON_NOTATION).map(({ kind, about, fields }) =>
    z.strictObject({ type: z.literal(kind), ...fields }).describe(about),
  ) as unknown as readonly [z.ZodObject],
) as unknown as z.ZodType<CameraInput>;
