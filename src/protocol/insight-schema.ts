import { z } from 'zod';
import { EMOTIONS } from '../domain/affect.js';
import { COMPOUND_EXPRESSIONS, KEYFRAME_REASONS, MLLM_TASKS } from '../domain/insight.js';

const units = z.array(z.string()).describe('FACS numbers, rising');

/** An Insight as a line of insights.jsonl and in insight messages. */
export const insightRecord = z
  .object({
    v: z.literal(1),
    id: z.string(),
    source: z.string(),
    track: z.number().int(),
    ptsUs: z.number().int().describe('media time of the evidence, microseconds'),
    task: z.enum(MLLM_TASKS).describe('what was asked'),
    promptId: z.string().describe('template and version'),
    engine: z.string(),
    model: z.string(),
    reason: z.enum(KEYFRAME_REASONS).describe('why this face was chosen'),
    episodeId: z.string().nullable(),
    emotion: z.enum(EMOTIONS).nullable(),
    confidence: z.number().min(0).max(1).nullable().describe('probability of the emotion, where the engine gives it'),
    compound: z.enum(COMPOUND_EXPRESSIONS).nullable(),
    claimedActionUnits: units,
    description: z.string().nullable(),
    reasoning: z.string().nullable(),
    parsed: z.enum(['json', 'tags', 'text', 'label', 'unparsable']).describe('how the answer was read'),
    check: z
      .object({
        agreed: units.describe('claimed, and measured as present'),
        contradicted: units.describe('claimed, but measured as absent'),
        omitted: units.describe('clearly present, but not claimed'),
        unverifiable: units.describe('claimed, but not measured or not clear'),
      })
      .describe('claims against what was measured at the same frame'),
    agreesWithMeasured: z.boolean().nullable().describe('whether the emotion is the measured one'),
    latencyMs: z.number(),
    tokens: z.object({ prompt: z.number().nullable(), completion: z.number().nullable() }),
  })
  .describe('what a multimodal LLM said of one face: a claim, checked, never a fact');
export type InsightJson = z.infer<typeof insightRecord>;
