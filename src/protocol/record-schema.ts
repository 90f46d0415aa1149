import { z } from 'zod';
import { EMOTIONS } from '../domain/affect.js';
import { VALIDITY } from '../domain/face.js';
import { SCHEMA_VERSION } from '../domain/records.js';

const pixels = z.number().describe('pixels of the working frame');
const share = z.number().min(0).max(1);
const emotion = z.enum(EMOTIONS);

/** One quantity as the model said it, minus the person's resting face, and filtered over time. */
function staged<T extends z.ZodType>(value: T) {
  return z.object({
    raw: value,
    baselined: value.nullable().describe('null until the baseline is ready'),
    smoothed: value,
  });
}

const byEmotion = z.record(emotion, share).describe('probability of each emotion; they sum to 1');
const valenceArousal = z.object({ valence: z.number().min(-1).max(1), arousal: z.number().min(-1).max(1) });

export const actionUnitReading = z
  .object({
    presence: staged(share).nullable().describe('probability 0..1; never baselined'),
    intensity: staged(z.number().min(0).max(5)).nullable().describe('strength 0..5 (FACS A..E as 1..5)'),
    active: z.boolean().nullable(),
  })
  .describe('one action unit');

/** A FaceRecord as a line of records.jsonl and as an entry of faces messages. */
export const faceRecord = z
  .object({
    v: z.literal(SCHEMA_VERSION),
    source: z.string(),
    frame: z.number().int(),
    ptsUs: z.number().int().describe('media time, microseconds'),
    wallTime: z.string().nullable().describe('RFC 3339'),
    track: z.number().int().nullable().describe('person in this run; null: no face in the frame'),
    validity: z.enum(VALIDITY).describe('why there is no reading; ok when there is one'),
    box: z.object({ space: z.literal('frame'), left: pixels, top: pixels, right: pixels, bottom: pixels }).nullable(),
    detectionScore: share.nullable(),
    pose: z
      .object({
        yaw: z.number().describe('radians; > 0 turned to the left of the image'),
        pitch: z.number().describe('radians; > 0 looks up'),
        roll: z.number().describe('radians; > 0 leans clockwise in the image'),
        translationMm: z.object({ x: z.number(), y: z.number(), z: z.number() }),
      })
      .nullable(),
    eyes: z.object({ left: z.number(), right: z.number() }).nullable().describe('0 closed, 1 normally open'),
    blink: z.boolean().nullable(),
    quality: z
      .object({ interocularPx: z.number(), sharpness: share.nullable(), presence: share, insideFrame: share })
      .nullable(),
    emotions: staged(byEmotion).nullable(),
    valenceArousal: staged(valenceArousal).nullable(),
    label: emotion.nullable().describe('the emotion in force'),
    confidence: share.nullable(),
    mllmWeight: z
      .number()
      .min(0)
      .optional()
      .describe(
        'where evidence of a multimodal language model is in emotions.smoothed and what follows from it: its weight ' +
          'times its decay, summed over insights; left out without any',
      ),
    baseline: z.object({ status: z.enum(['warming', 'ready', 'off']), progress: share }).nullable(),
    actionUnits: z.record(z.string(), actionUnitReading).nullable().describe('by FACS number: "12", "12L"'),
    missing: z.record(z.string(), z.string()).describe('reason of each null'),
    landmarks: z.array(z.number().nullable()).nullable().optional().describe('flat x, y, z when asked for'),
  })
  .describe('one face in one frame, or the note that a frame has none');
export type FaceRecordJson = z.infer<typeof faceRecord>;

/** An Episode as a line of episodes.jsonl and in episode messages. */
export const episodeRecord = z
  .object({
    v: z.literal(SCHEMA_VERSION),
    id: z.string(),
    phase: z.enum(['new', 'update', 'end']),
    source: z.string(),
    track: z.number().int(),
    kind: z.enum(['emotion', 'blink', 'action-unit']),
    label: z.string().describe('"happiness", "blink", "AU12"'),
    onsetUs: z.number().int(),
    apexUs: z.number().int(),
    offsetUs: z.number().int().nullable().describe('null while it goes on'),
    peak: z.number().describe('highest smoothed value, 0..1; of an action unit, intensity / 5'),
    mean: z.number(),
    confidence: share,
    endReason: z.enum(['released', 'face-lost', 'scene-cut', 'source-end']).nullable(),
    mllm: z
      .literal(true)
      .optional()
      .describe('evidence of a multimodal language model is in peak, mean or confidence; left out otherwise'),
  })
  .describe('a stretch of time in which one signal was active on one person');
export type EpisodeJson = z.infer<typeof episodeRecord>;
