import { resolve } from 'node:path';
import { z } from 'zod';
import { AREA_NAME_WORDS, CORNERS, MOST_AREAS } from '../domain/areas.js';
import type { DescribedCamera } from '../domain/camera-config.js';
import type { AreasField, OpenedField, RateField } from '../domain/camera-fields.js';
import { CAMERA_ID, CAMERA_ID_WORDS } from '../domain/camera-id.js';
import { acceptsOfField, fieldProblem, LONGEST } from '../domain/camera-input.js';
import { CAMERA_KIND_NAMES, type CameraInput } from '../domain/camera-kinds.js';
import { bareFields, fullFields, type Notation, writtenKinds } from '../domain/camera-notation.js';
import { type CameraDefaults, NAME_LENGTH, PLACES, TREATMENT } from '../domain/camera-treatment.js';
import { TURNS } from '../domain/frame.js';
import { choice, flag, key, whole } from './keys.js';
import { pixelsOf } from './quantities.js';

const FROM_ENVIRONMENT = `\${NAME} is taken from the environment`;
const AUTO = 'auto';
const CORNER_SCHEMA = { type: 'array', minItems: 2, maxItems: 2, items: { type: 'number', minimum: 0, maximum: 1 } };

/** What the key `type` takes. */
export const ACCEPTED_KINDS = `one of ${CAMERA_KIND_NAMES.join(', ')}`;

/** Text that is opened; what is wrong with it is told in the words of `fieldProblem`. */
function opened(field: OpenedField, note: string, accepts = acceptsOfField(field)): z.ZodType {
  const text = z
    .string()
    .superRefine((value, context) => {
      const problem = fieldProblem(field, value);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .meta({ minLength: 1, maxLength: LONGEST[field.shape] });
  return key(field.shape === 'path' ? text.transform((path) => resolve(path)) : text, {
    accepts,
    text: `${field.text} ${note}`,
  });
}

function rate(field: RateField): z.ZodType {
  const { least, most, none, text } = field;
  const unlimited = z.literal(none).transform(() => null);
  return key(z.union([unlimited, z.number().min(least).max(most)]), {
    accepts: `${none}, or ${acceptsOfField(field)}`,
    text,
  });
}

/** A list that is checked as a whole; editors are told what an area has. */
function areasKey(field: AreasField): z.ZodType {
  const area = z.unknown().meta({
    type: 'object',
    properties: {
      name: { type: 'string', description: AREA_NAME_WORDS },
      points: { type: 'array', minItems: CORNERS.least, maxItems: CORNERS.most, items: CORNER_SCHEMA },
    },
    required: ['name', 'points'],
    additionalProperties: false,
  });
  const checked = z
    .array(area)
    .max(MOST_AREAS)
    .superRefine((value, context) => {
      const problem = fieldProblem(field, value);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    });
  return key(checked, { accepts: acceptsOfField(field), text: field.text });
}

/** Settings of a camera as YAML. */
const YAML_NOTATION: Notation<z.ZodType> = {
  shapes: {
    address: (field) =>
      opened(
        field,
        `Write credentials as \${NAME} and keep them in the environment.`,
        `${acceptsOfField(field)}; ${FROM_ENVIRONMENT}`,
      ),
    device: (field) => opened(field, `${FROM_ENVIRONMENT}.`),
    path: (field) => opened(field, `A relative path starts from the configuration file; ${FROM_ENVIRONMENT}.`),
    choice: ({ choices, text }) => choice(choices, text),
    flag: ({ text }) => flag(text),
    pixels: (field) => {
      const size = z.string().transform((text) => pixelsOf(text));
      return key(
        z.union([
          z.literal(AUTO).transform(() => null),
          size.refine((pixels) => pixels !== null && fieldProblem(field, pixels) === null),
        ]),
        { accepts: `auto, or width and height such as "1280x720": ${acceptsOfField(field)}`, text: field.text },
      );
    },
    rate,
    whole,
    areas: areasKey,
    turn: (field) => key(z.literal(TURNS), { accepts: acceptsOfField(field), text: field.text }),
  },
  initially: (schema, field) => {
    if (field.shape === 'pixels') return schema.prefault(AUTO);
    return schema.prefault(field.shape === 'rate' ? field.none : field.initial);
  },
};

/** Values for cameras that do not say how their frames are treated. */
export const treatmentDefaults = z.strictObject(
  fullFields(TREATMENT, YAML_NOTATION),
) as unknown as z.ZodType<CameraDefaults>;

const placeKeys = bareFields(PLACES, YAML_NOTATION);

/** What a file of masks and zones holds: the same keys as a camera has. */
export const areaKeys = {
  masks: placeKeys.masks.optional(),
  zones: placeKeys.zones.optional(),
  rotate: bareFields(TREATMENT, YAML_NOTATION).rotate.optional(),
};

const common = {
  id: key(z.string().regex(CAMERA_ID), {
    accepts: CAMERA_ID_WORDS,
    text: 'Name in URLs, messages and metrics; unique.',
  }),
  name: key(z.string().min(NAME_LENGTH.least).max(NAME_LENGTH.most), {
    accepts: `${NAME_LENGTH.least} to ${NAME_LENGTH.most} characters`,
    text: 'Name for people; the id when left out.',
  }).optional(),
  ...Object.fromEntries(
    Object.entries(bareFields({ ...TREATMENT, ...PLACES }, YAML_NOTATION)).map(([name, schema]) => [
      name,
      schema.optional(),
    ]),
  ),
};

/** One camera as written in a configuration, by its `type`. */
export type CameraEntry = Omit<DescribedCamera, 'input'> & CameraInput;
export const cameraEntry = z.discriminatedUnion(
  'type',
  writtenKinds(YAML_NOTATION).map(({ kind, about, fields }) =>
    z.strictObject({
      ...common,
      type: key(z.literal(kind), { accepts: ACCEPTED_KINDS, text: about }),
      ...fields,
    }),
  ) as unknown as readonly [z.ZodObject],
) as unknown as z.ZodType<CameraEntry>;
