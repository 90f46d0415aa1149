import { type AffectEvidence, EMOTIONS } from '../domain/affect.js';
import type { Insight } from '../domain/insight.js';
import { MLLM_DEFAULTS } from '../domain/mllm-defaults.js';
import { type Probability, probability } from '../domain/units.js';

/** How much an insight counts beside the measured evidence (temporal's late evidence adds gain and decay). */
export interface EvidenceOptions {
  /** Weight of an insight, 0..1; 0: it is no evidence. */
  readonly weight: number;
  /** Probability given to the named emotion when the engine told none (caption path). */
  readonly captionProbability: number;
}

export const EVIDENCE_DEFAULTS: EvidenceOptions = { weight: MLLM_DEFAULTS.weight, captionProbability: 0.6 };

/**
 * An insight as late evidence for its track, at the media time of its keyframe; null when it names no emotion or has no weight.
 * The rest of the probability is spread evenly, so a caption only moves the estimate towards what it names.
 */
export function insightEvidence(
  insight: Pick<Insight, 'emotion' | 'confidence' | 'ptsUs' | 'track'>,
  options: Partial<EvidenceOptions> = {},
): AffectEvidence | null {
  const { weight, captionProbability } = { ...EVIDENCE_DEFAULTS, ...options };
  if (insight.emotion === null || weight === 0) return null;
  const others = EMOTIONS.length - 1;
  const share = Math.min(0.99, Math.max(1 / EMOTIONS.length, insight.confidence ?? captionProbability));
  const named: Probability = probability(share);
  return {
    origin: 'mllm',
    ptsUs: insight.ptsUs,
    trackId: insight.track,
    emotionLogits: EMOTIONS.map((emotion) => Math.log(emotion === insight.emotion ? named : (1 - named) / others)),
    actionUnits: null,
    weight: probability(weight),
  };
}
