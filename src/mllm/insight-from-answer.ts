import type { AffectEvidence } from '../domain/affect.js';
import type { EngineAnswer, Insight, Keyframe, MllmEngine, MllmTask } from '../domain/insight.js';
import { type CheckOptions, checkClaims } from './check.js';
import { fuseInsight } from './fuse-insight.js';
import type { TokenCount } from './job.js';
import type { ParsedAnswer } from './parse/parse-answer.js';
import { measuredEmotion } from './prompts/priors-text.js';

/** Tasks whose question asks for every action unit: only there is a silent one an omission. */
const ASKS_FOR_UNITS: readonly MllmTask[] = ['action-units', 'describe'];

/** An insight, its claims checked against the keyframe's measurements. `id` is left to who knows its place. */
export function insightFromAnswer(input: {
  readonly keyframe: Keyframe;
  readonly task: MllmTask;
  readonly promptId: string;
  readonly engine: Pick<MllmEngine, 'id' | 'model'>;
  readonly parsed: ParsedAnswer;
  readonly tokens: TokenCount;
  readonly latencyMs: number;
  readonly check?: CheckOptions;
  /** The answer as evidence, weighed in for `fused`. */
  readonly evidence: AffectEvidence | null;
}): Insight {
  const { keyframe, task, parsed } = input;
  const measured = measuredEmotion(keyframe.priors);
  const asked = ASKS_FOR_UNITS.includes(task) && parsed.parsed !== 'unparsable';
  return {
    v: 1,
    id: '',
    source: keyframe.source,
    track: keyframe.track,
    ptsUs: keyframe.ptsUs,
    task,
    promptId: input.promptId,
    engine: input.engine.id,
    model: input.engine.model,
    reason: keyframe.reason,
    episodeId: keyframe.episode?.id ?? null,
    emotion: parsed.emotion,
    confidence: parsed.confidence,
    secondEmotion: parsed.secondEmotion,
    degree: parsed.degree,
    cannotTell: parsed.cannotTell,
    compound: parsed.compound,
    claimedActionUnits: parsed.claimedActionUnits,
    description: parsed.description,
    reasoning: parsed.reasoning,
    parsed: parsed.parsed,
    check: checkClaims(
      { claimed: parsed.claimedActionUnits, measured: keyframe.priors.actionUnits, asked },
      input.check ?? {},
    ),
    agreesWithMeasured: parsed.emotion === null || measured === null ? null : parsed.emotion === measured,
    fused: fuseInsight(input.evidence, keyframe.priors.emotions),
    latencyMs: input.latencyMs,
    tokens: input.tokens,
  };
}

export function tokensOf({ promptTokens, completionTokens }: EngineAnswer): TokenCount {
  return { prompt: promptTokens, completion: completionTokens };
}
