import { z } from 'zod';
import { EMOTIONS } from '../domain/affect.js';
import { VALIDITY } from '../domain/face.js';
import { SOURCE_END_REASONS } from '../domain/live.js';
import { cameraState, sourceId } from './messages.js';
import { episodeRecord } from './record-schema.js';
import { ruleFiring } from './rule-schema.js';

/** Payloads on MQTT (docs/mqtt.md). Adding a field is minor; changing the meaning of one raises `v`. */
const v = z.literal(1);
const share = z.number().min(0).max(1).nullable();
const axis = z.number().min(-1).max(1).nullable();
const pixels = z.number().int();

const moment = {
  v,
  source: sourceId,
  at: z.string().describe('RFC 3339 instant at which the frame arrived'),
  ptsUs: z.number().int().nullable().describe('media time in microseconds; null where no frames come'),
};
const reading = {
  expression: z.enum(EMOTIONS).nullable().describe('emotion in force; null without a reading, and with mode au-only'),
  confidence: share.describe('its smoothed probability'),
  valence: axis.describe('smoothed, -1..1, derived from the emotions'),
  arousal: axis,
};

export const mqttStatus = z
  .enum(['online', 'offline'])
  .describe('whether mien is there, as text; the broker says offline when it is gone');
export const mqttFaces = z
  .object({
    ...moment,
    count: z.number().int().nullable().describe('faces in view; null where no frames come'),
    widthPx: z.number().nullable().describe('working frame, which boxes refer to'),
    heightPx: z.number().nullable(),
    faces: z.array(
      z.object({
        track: z.number().int(),
        validity: z.enum(VALIDITY).describe('ok, or why there is no reading'),
        ...reading,
        box: z
          .object({ space: z.literal('frame'), left: pixels, top: pixels, right: pixels, bottom: pixels })
          .nullable()
          .describe('pixels of the working frame'),
        zones: z.array(z.string()).describe('names of the zones that the centre of the box lies in'),
      }),
    ),
  })
  .describe('the faces in view, as they change');
export const mqttExpression = z
  .object({ ...moment, track: z.number().int().nullable(), ...reading })
  .describe('the reading of the largest face, as it changes; null without one');
export const mqttCameraState = cameraState
  .omit({ address: true, lastEnd: true })
  .extend({ v, lastEndReason: z.enum(SOURCE_END_REASONS).nullable().describe('why the last connection ended') })
  .describe('state of a camera, without its address');
export const mqttEpisode = z
  .object({
    v,
    type: z.enum(['new', 'update', 'end']),
    before: episodeRecord.nullable().describe('as it was told before; null when it is new'),
    after: episodeRecord,
  })
  .describe('an episode began, changed or ended');
export const mqttRuleState = z
  .object({
    v,
    source: sourceId,
    rule: z.string(),
    active: z.boolean().describe('whether it goes on'),
    firing: ruleFiring.nullable().describe('what told so last; null before it first fired'),
  })
  .describe('a rule at a camera');

export type MqttFaces = z.infer<typeof mqttFaces>;
export type MqttExpression = z.infer<typeof mqttExpression>;
export type MqttCameraState = z.infer<typeof mqttCameraState>;
export type MqttEpisode = z.infer<typeof mqttEpisode>;
export type MqttRuleState = z.infer<typeof mqttRuleState>;
