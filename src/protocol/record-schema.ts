import { z } from 'zod';
import { EPISODE_KINDS } from '../domain/episode-kind.js';
import { type FaceRecordJson, RECORD_FIELDS } from '../domain/record-fields.js';
import { SCHEMA_VERSION } from '../domain/records.js';
import { objectSchema, shapeSchema } from './shape-schema.js';

export type { FaceRecordJson } from '../domain/record-fields.js';

const { mesh, actionUnits, ...fields } = RECORD_FIELDS;

/** One action unit in a record. */
export const actionUnitReading = shapeSchema(actionUnits.of.of).describe('one action unit');

/** A FaceRecord as a line of records.jsonl and as an entry of faces messages. */
export const faceRecord = objectSchema(fields)
  .extend({
    actionUnits: z.record(z.string(), actionUnitReading).nullable().describe(actionUnits.of.about),
    landmarks: shapeSchema(mesh).optional().describe('flat x, y, z when asked for'),
  })
  .describe('one face in one frame, or the note that a frame has none') as unknown as z.ZodType<FaceRecordJson>;

/** An Episode as a line of episodes.jsonl and in episode messages. */
export const episodeRecord = z
  .object({
    v: z.literal(SCHEMA_VERSION),
    id: z.string(),
    phase: z.enum(['new', 'update', 'end']),
    source: z.string(),
    track: z.number().int(),
    kind: z.enum(EPISODE_KINDS),
    label: z.string().describe('"happiness", "blink", "AU12"'),
    onsetUs: z.number().int(),
    apexUs: z.number().int(),
    offsetUs: z.number().int().nullable().describe('null while it goes on'),
    peak: z.number().describe('highest smoothed value, 0..1; of an action unit, intensity / 5'),
    mean: z.number(),
    confidence: z.number().min(0).max(1),
    endReason: z.enum(['released', 'face-lost', 'covered', 'scene-cut', 'source-end']).nullable(),
    mllm: z
      .literal(true)
      .optional()
      .describe('evidence of a multimodal language model is in peak, mean or confidence; left out otherwise'),
  })
  .describe('a stretch of time in which one signal was active on one person');
/** An episode as a line of episodes.jsonl and in messages. @useDeclaredType */
export type EpisodeJson = z.infer<typeof episodeRecord>;
