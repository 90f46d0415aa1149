import { z } from 'zod';

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
