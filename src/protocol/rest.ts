import { z } from 'zod';
import type { Areas } from '../domain/areas.js';
import { bareFields } from '../domain/camera-notation.js';
import { type CameraDefaults, NAME_LENGTH, PLACES, TREATMENT } from '../domain/camera-treatment.js';
import { DEVICES } from '../domain/device.js';
import { LANDMARK_CHOICES } from '../domain/face.js';
import { PRECISIONS } from '../domain/precision.js';
import { QUESTION_LENGTH } from '../domain/question-length.js';
import { cameraInput, JSON_NOTATION } from './camera-input.js';
import { evidenceJpeg, insightFusion, insightRecord } from './insight-schema.js';
import { cameraState, cameraStats, sourceId, systemNumbers } from './messages.js';
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
export const sourceAnswer = z.object({ state: cameraState, config: cameraConfig.nullable() });
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
  kind: z.enum(['emotion', 'blink', 'action-unit']).optional(),
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
export const problemAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
