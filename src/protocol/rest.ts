import { z } from 'zod';
import type { Areas } from '../domain/areas.js';
import { bareFields } from '../domain/camera-notation.js';
import { TEST_PICTURES } from '../domain/camera-test.js';
import { type CameraDefaults, NAME_LENGTH, PLACES, TREATMENT } from '../domain/camera-treatment.js';
import { DEVICES } from '../domain/device.js';
import { EPISODE_KINDS } from '../domain/episode-kind.js';
import { LANDMARK_CHOICES } from '../domain/face.js';
import { PRECISIONS } from '../domain/precision.js';
import { QUESTION_LENGTH } from '../domain/question-length.js';
import { cameraInput, JSON_NOTATION } from './camera-input.js';
import { evidenceJpeg, insightFusion, insightRecord } from './insight-schema.js';
import { cameraState, cameraStats, sourceEnd, sourceId, streamFacts, systemNumbers } from './messages.js';
import { episodeRecord, faceRecord } from './record-schema.js';

const ELSE = 'Left out: as `defaults` of the configuration say.';
const treatment = Object.entries(bareFields(TREATMENT, JSON_NOTATION)).map(([name, schema]) => [
  name,
  schema.optional().describe(`${schema.description} ${ELSE}`),
]);
const places = bareFields(PLACES, JSON_NOTATION) as { readonly [K in keyof Areas]: z.ZodType<Areas[K]> };
const cameraFields = {
  name: z
    .string()
    .min(NAME_LENGTH.least)
    .max(NAME_LENGTH.most)
    .optional()
    .describe('for people; the id when not given'),
  input: cameraInput,
  masks: places.masks.optional(),
  zones: places.zones.optional(),
  ...(Object.fromEntries(treatment) as {
    readonly [K in keyof CameraDefaults]: z.ZodType<CameraDefaults[K] | undefined>;
  }),
};
export const newSource = z.strictObject({ id: sourceId, ...cameraFields }).describe('a camera to add');
export const changedSource = z
  .strictObject({ id: sourceId.optional().describe('that of the path'), ...cameraFields })
  .describe('the new configuration of a camera, whole');

const cameraConfig = z
  .object({
    id: sourceId,
    name: z.string(),
    input: z.looseObject({ type: z.string() }).describe('as given, without credentials'),
    ...bareFields({ ...TREATMENT, ...PLACES }, JSON_NOTATION),
  })
  .describe('a camera as configured');

export const sourceList = z.object({ sources: z.array(cameraState) });
const unsaved = z
  .string()
  .nullable()
  .describe('why it is not in the configuration file as it runs, so that it lasts only until mien stops; null: it is');
export const sourceAnswer = z.object({ state: cameraState, config: cameraConfig.nullable(), unsaved });
export const changedSourceAnswer = sourceAnswer.extend({
  variables: z
    .array(z.string())
    .describe(
      'environment variables that the file names and that are still to be set: each is to hold what one *** stands for',
    ),
});
export const savedQuery = z.strictObject({
  save: z.enum(['0', '1']).default('0').describe('1: in the configuration file, too'),
});
export const removedSourceAnswer = z.object({
  unsaved: z.string().nullable().describe('why it is still in the configuration file; null: it is not'),
});
export const sourceDefaults = z.object({
  defaults: z
    .object(bareFields(TREATMENT, JSON_NOTATION))
    .describe('what a camera that is added gets where it does not say'),
  unsavable: z
    .string()
    .nullable()
    .describe('why changes of cameras cannot be kept in the configuration file; null: they can'),
  lasting: z.boolean().describe('cameras of requests outlast this process anyway: the bus of a cluster keeps them'),
});
export const sourceTest = z
  .object({
    stream: streamFacts.nullable().describe('of its own size; null: it brought no picture'),
    firstPictureMs: z.number().nullable().describe('milliseconds from opening it to its first picture'),
    fps: z.number().nullable().describe('pictures a second that arrived within three seconds'),
    damaged: z.number().int().describe('pictures that arrived damaged'),
    end: sourceEnd
      .nullable()
      .describe('how it ended by itself, or why nothing came; null: pictures came until the test was over'),
    picture: z
      .enum(TEST_PICTURES)
      .describe('blurred: all of it is made unrecognisable; off: preview.enabled is false; none: none came'),
    jpeg: z.string().nullable().describe('base64 of a JPEG, at most 320 pixels a side'),
  })
  .describe('what came of opening a camera for a few seconds');
export const newAreas = z.strictObject(places).describe('the masks and zones of a camera, all of them');
export const areasAnswer = z.object({
  ...places,
  unsaved: z
    .string()
    .nullable()
    .describe('why they last only until mien stops; null: they are in the configuration file'),
});
export const facesQuery = z.strictObject({ landmarks: z.enum(LANDMARK_CHOICES).default('none') });
export const facesAnswer = z.object({ source: sourceId, faces: z.array(faceRecord) });
export const snapshotQuery = z.strictObject({
  blur: z.enum(['0', '1']).default('0').describe('1: faces are made unrecognisable'),
});
export const episodesQuery = z.strictObject({
  source: sourceId.optional(),
  kind: z.enum(EPISODE_KINDS).optional(),
  since: z.coerce.number().min(0).optional().describe('milliseconds since 1970: changed then or later'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const episodesAnswer = z.object({
  episodes: z.array(z.object({ atMs: z.number(), episode: episodeRecord })).describe('newest first'),
});
export const insightsQuery = z.strictObject({
  source: sourceId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const newQuestion = z
  .strictObject({
    track: z.number().int().min(1).describe('face that the camera sees now'),
    question: z.string().trim().min(1).max(QUESTION_LENGTH).describe('in words; it changes nothing but its answer'),
  })
  .describe('a question of a person about a face');
const toldInsight = z.object({ atMs: z.number(), insight: insightRecord, fusion: insightFusion, evidenceJpeg });
export const questionAnswer = toldInsight.describe('the answer, and the face that was asked about');
export const insightsAnswer = z.object({
  insights: z.array(toldInsight).describe('newest first'),
});
export const statsAnswer = systemNumbers.extend({ cameras: z.array(cameraStats) });
export const infoAnswer = z.object({
  mienVersion: z.string(),
  apiVersion: z.literal(1),
  protocolVersion: z.number().int(),
  purpose: z.string(),
  emotions: z.boolean(),
  actionUnits: z.array(z.string()),
  device: z.enum(DEVICES).describe('what runs the models: the processor, or an accelerator'),
  models: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      sha256: z.string(),
      licence: z.string(),
      job: z.string(),
      precision: z.enum(PRECISIONS).describe('what it computes with: single precision, or 8-bit integers'),
    }),
  ),
  notice: z.string(),
  startedAt: z.string(),
});
export const statusAnswer = z.object({ status: z.string() });
const fieldProblem = z.object({ key: z.string().describe('such as input.url; empty: all of it'), text: z.string() });
export const problemAnswer = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fields: z.array(fieldProblem).optional().describe('of a body or query: what is wrong with each field'),
  }),
});
