import { z } from 'zod';
import { EMOTIONS } from '../domain/affect.js';
import { COMPOUND_EXPRESSIONS, KEYFRAME_REASONS, MLLM_TASKS } from '../domain/insight.js';

const units = z.array(z.string());

/** An Insight as a line of insights.jsonl and in insight messages. */
export const insightRecord = z
  .object({
    v: z.literal(1),
    id: z.string(),
    source: z.string(),
    track: z.number().int(),
    ptsUs: z.number().int().describe('media time of the frame that was asked about, microseconds'),
    task: z.enum(MLLM_TASKS),
    promptId: z.string().describe('template and version'),
    engine: z.string(),
    model: z.string(),
    reason: z.enum(KEYFRAME_REASONS).describe('why this frame was chosen'),
    episodeId: z.string().nullable(),
    emotion: z.enum(EMOTIONS).nullable(),
    confidence: z.number().min(0).max(1).nullable().describe('where the engine tells probabilities'),
    compound: z.enum(COMPOUND_EXPRESSIONS).nullable(),
    claimedActionUnits: units.describe('FACS numbers'),
    description: z.string().nullable(),
    reasoning: z.string().nullable(),
    parsed: z.enum(['json', 'tags', 'text', 'label', 'unparsable']).describe('how the answer was read'),
    check: z
      .object({
        agreed: units.describe('claimed, and measured as present'),
        contradicted: units.describe('claimed, but measured as absent'),
        omitted: units.describe('measured as clearly present, but not claimed'),
        unverifiable: units.describe('claimed, but not clearly measured'),
      })
      .describe('the claims against what was measured at the same frame'),
    agreesWithMeasured: z.boolean().nullable().describe('whether emotion is the measured one'),
    latencyMs: z.number().describe('from the choice of the frame to the answer'),
    tokens: z.object({ prompt: z.number().nullable(), completion: z.number().nullable() }),
  })
  .describe('what a multimodal language model said of one face at one time: claims, not facts');
export type InsightJson = z.infer<typeof insightRecord>;

export const evidenceJpeg = z
  .string()
  .nullable()
  .describe('the face that was asked about: base64 of a JPEG of at most 160 pixels; null where pictures are not shown');
