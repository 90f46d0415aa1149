import { z } from 'zod';
import { EMOTIONS } from '../domain/affect.js';
import { COMPOUND_EXPRESSIONS, DEGREES, INSIGHT_TASKS, KEYFRAME_REASONS, NO_COMPOUND } from '../domain/insight.js';
import { LATE_REFUSALS } from '../domain/late-evidence.js';

const units = z.array(z.string());
const share = z.number().min(0).max(1);

/** An Insight as a line of insights.jsonl and in insight messages. */
export const insightRecord = z
  .object({
    v: z.literal(2),
    id: z.string(),
    source: z.string(),
    track: z.number().int(),
    ptsUs: z.number().int().describe('media time of the frame that was asked about, microseconds'),
    task: z.enum(INSIGHT_TASKS).describe('asked: a person asked, in `question`'),
    question: z.string().optional().describe('what a person asked; left out where nobody did'),
    promptId: z.string().describe('template and version'),
    engine: z.string().describe('measured: a template made the words from the measurements; any other: a model'),
    model: z.string(),
    reason: z.enum(KEYFRAME_REASONS).describe('why this frame was chosen'),
    episodeId: z.string().nullable(),
    emotion: z.enum(EMOTIONS).nullable(),
    confidence: z.number().min(0).max(1).nullable().describe('where the engine tells probabilities'),
    secondEmotion: z.enum(EMOTIONS).nullable().describe('another that is mixed into it'),
    degree: z.enum(DEGREES).nullable().describe('how strong the expression is said to be'),
    cannotTell: z.boolean().describe('it answers that it cannot tell'),
    compound: z
      .enum([...COMPOUND_EXPRESSIONS, NO_COMPOUND])
      .nullable()
      .describe('none: asked, and no two expressions are mixed'),
    claimedActionUnits: units.describe('FACS numbers'),
    toldActionUnits: units.describe('FACS numbers whose measurement was in the question'),
    description: z.string().nullable(),
    reasoning: z.string().nullable(),
    parsed: z.enum(['json', 'tags', 'text', 'label', 'unparsable']).describe('how the answer was read'),
    check: z
      .object({
        agreed: units.describe('claimed, and measured as present'),
        contradicted: units.describe('claimed, but measured as absent'),
        told: units.describe('claimed, but told beforehand (all units, of a template): no agreement'),
        unclear: units.describe('claimed; measured as neither clearly present nor clearly absent'),
        covered: units.describe('claimed; something covers what it needs'),
        notMeasured: units.describe('claimed; nothing measures it'),
        omitted: units.describe('measured as clearly present and not told, but not claimed'),
      })
      .describe('the claims against what was measured at the same frame; each claimed unit is in one list'),
    agreesWithMeasured: z
      .boolean()
      .nullable()
      .describe(
        'whether emotion is the measured one; null where either is missing or the measurement is too close to call',
      ),
    fused: z
      .object({
        emotion: z.enum(EMOTIONS).describe('the most probable'),
        probability: share,
        weight: share.describe('how much the insight counted'),
      })
      .nullable()
      .describe('the measured emotion of that frame with the insight weighed in; null where either is missing'),
    latencyMs: z.number().describe('from the choice of the frame to the answer'),
    tokens: z.object({ prompt: z.number().nullable(), completion: z.number().nullable() }),
  })
  .describe(
    'words about one face at one time: claims of a multimodal language model, or measurements repeated by a template',
  );
/** An insight as a line of insights.jsonl and in messages. @useDeclaredType */
export type InsightJson = z.infer<typeof insightRecord>;

/** What became of an insight in the estimate of its person. */
export const insightFusion = z
  .object({
    outcome: z.enum(['accepted', 'refused']),
    reason: z.enum(LATE_REFUSALS).nullable().describe('why it was refused'),
    weight: share.describe('mllm.fusion.weight'),
    decaySeconds: z
      .number()
      .describe('distance in media time at which its weight has fallen to about 1/e; at three times it, to 0'),
    episodeId: z.string().nullable().describe('the episode that goes on and covers its frame'),
  })
  .nullable()
  .describe(
    'whether it counts for frames analysed after it (told by its weight in their records): those sent before stay as they were; ' +
      'null when it names no emotion, or insights are not weighed in',
  );

export const evidenceJpeg = z
  .string()
  .nullable()
  .describe('the face that was asked about: base64 of a JPEG of at most 160 pixels; null where pictures are not shown');
