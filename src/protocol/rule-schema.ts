import { z } from 'zod';
import { EMOTIONS } from '../domain/affect.js';
import { CAMERA_ID } from '../domain/camera-id.js';
import { CAMERA_TROUBLES } from '../domain/rules.js';

const mediaUs = z.number().int().nullable();

/** A rule that began or ended, in messages, webhooks and on MQTT. */
export const ruleFiring = z
  .object({
    v: z.literal(1),
    id: z.string().describe('the same at the start and the end of a firing'),
    phase: z.enum(['start', 'end']),
    rule: z.string().describe('id of the rule'),
    source: z.string().describe('camera id'),
    purpose: z.string(),
    condition: z.enum(['expression', 'action-unit', 'valence', 'faces', 'camera']),
    track: z.number().int().nullable().describe('the face that met the condition for long enough; null where none did'),
    zone: z.string().nullable(),
    value: z
      .number()
      .nullable()
      .describe('when it fired: probability, intensity 0..5, valence, or number of faces; null for a camera'),
    onsetUs: mediaUs.describe('media time since which the condition held; null for a camera, here and below'),
    firedUs: mediaUs.describe('media time at which it had held long enough'),
    endedUs: mediaUs.describe('media time at which it was last met; null while it goes on'),
    at: z.string().nullable().describe('RFC 3339 instant of firedUs at the start, of endedUs at the end'),
    endReason: z
      .enum(['released', 'silent'])
      .nullable()
      .describe('no longer met, or no frames came; null while it goes on'),
  })
  .describe('a rule began or ended at a camera');
/** A firing in messages. @useDeclaredType */
export type RuleFiringJson = z.infer<typeof ruleFiring>;

const bound = z.number().nullable();
const condition = z.discriminatedUnion('type', [
  z.object({ type: z.literal('expression'), is: z.array(z.enum(EMOTIONS)), sure: z.number() }),
  z.object({ type: z.literal('action-unit'), unit: z.string(), intensity: z.number(), sure: z.number() }),
  z.object({ type: z.literal('valence'), above: bound, below: bound }),
  z.object({ type: z.literal('faces'), least: bound, most: bound }),
  z.object({ type: z.literal('camera'), is: z.array(z.enum(CAMERA_TROUBLES)) }),
]);
const action = z.discriminatedUnion('type', [
  z.object({ type: z.literal('log') }),
  z.object({ type: z.literal('webhook'), to: z.string().describe('id of the target') }),
  z.object({ type: z.literal('mqtt'), topic: z.string().optional().describe('left out: PREFIX/rules') }),
  z.object({ type: z.literal('snapshot') }),
  z.object({ type: z.literal('record') }),
]);
const epochMs = z.number().describe('milliseconds since 1970, server clock');
const firingStatus = z.object({
  startedAtMs: epochMs,
  endedAtMs: epochMs.nullable().describe('when its condition was last met; null while it goes on'),
  firing: ruleFiring,
});
const ruleStatus = z
  .object({
    id: z.string(),
    cameras: z.array(z.string().regex(CAMERA_ID)).nullable().describe('null: every camera'),
    purpose: z.string(),
    when: condition.describe('what it waits for; bounds that are null do not count'),
    zone: z.string().nullable().describe('null: anywhere in the picture'),
    hours: z
      .object({
        fromMinute: z.number().describe('minutes since midnight, time zone of the server'),
        toMinute: z.number().describe('past the last; before fromMinute: on the next day'),
        days: z.array(z.number()).describe('days on which it begins, 0 Sunday to 6 Saturday'),
      })
      .nullable()
      .describe('null: always'),
    forMs: z.number().describe('how long it must be so without a break'),
    endAfterMs: z.number().describe('it ends when nobody has met it for so long'),
    holdOffMs: z.number().describe('how long it is quiet at a camera after it ended there'),
    tellEnd: z.boolean(),
    actions: z.array(action),
    fired: z
      .record(z.string(), z.number())
      .describe('how often it fired since mien started, by camera; anew for a camera that was replaced'),
    firings: z
      .array(firingStatus)
      .describe('all that go on, and of those that ended as many as were asked for, newest first'),
  })
  .describe('a rule as configured, and what it fired on');

export const rulesQuery = z.strictObject({
  limit: z.coerce.number().int().min(0).max(200).default(20).describe('firings that ended, of each rule'),
});
export const rulesAnswer = z.object({ rules: z.array(ruleStatus) });
/** A rule and its firings in the answer of the REST interface. @useDeclaredType */
export type RuleStatusJson = z.infer<typeof ruleStatus>;
