import type { AffectEvidence } from '../domain/affect.js';
import type { EngineAnswer, Insight, InsightTask, Keyframe, MllmEngine } from '../domain/insight.js';
import { agreesWith, checkClaims } from './check.js';
import { fuseInsight } from './fuse-insight.js';
import type { TokenCount } from './job.js';
import type { ParsedAnswer } from './parse/parse-answer.js';

/** Tasks whose question asks for every action unit: only there is a silent one an omission, if the answer is whole. */
const ASKS_FOR_UNITS: readonly InsightTask[] = ['action-units', 'describe'];

/** An insight, its claims checked against the keyframe's measurements. `id` is left to who knows its place. */
export function insightFromAnswer(input: {
  readonly keyframe: Keyframe;
  readonly task: InsightTask;
  /** What a person asked, of the task `asked`. */
  readonly question?: string;
  readonly promptId: string;
  readonly engine: Pick<MllmEngine, 'id' | 'model'>;
  readonly parsed: ParsedAnswer;
  /** Units whose measurement was in the question. */
  readonly told: readonly string[];
  /** The emotion was told, too: the words repeat measurements alone. */
  readonly repeats: boolean;
  readonly tokens: TokenCount;
  /** The answer was cut off. */
  readonly truncated: boolean;
  readonly latencyMs: number;
  /** The answer as evidence, weighed in for `fused`. */
  readonly evidence: AffectEvidence | null;
}): Insight {
  const { keyframe, task, parsed, told } = input;
  const whole = parsed.parsed !== 'unparsable' && !parsed.cannotTell && !input.truncated;
  const asked = ASKS_FOR_UNITS.includes(task) && whole;
  return {
    v: 2,
    id: '',
    source: keyframe.source,
    track: keyframe.track,
    ptsUs: keyframe.ptsUs,
    task,
    ...(input.question === undefined ? {} : { question: input.question }),
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
    toldActionUnits: told,
    description: parsed.description,
    reasoning: parsed.reasoning,
    parsed: parsed.parsed,
    check: checkClaims({ claimed: parsed.claimedActionUnits, measured: keyframe.priors, told, asked }),
    agreesWithMeasured: input.repeats ? null : agreesWith(parsed.emotion, keyframe.priors.emotions),
    fused: fuseInsight(input.evidence, keyframe.priors.emotions),
    latencyMs: input.latencyMs,
    tokens: input.tokens,
  };
}

export function tokensOf({ promptTokens, completionTokens }: EngineAnswer): TokenCount {
  return { prompt: promptTokens, completion: completionTokens };
}
