import { describe, expect, it } from 'vitest';
import { EMOTIONS, type Emotion } from '../../../src/domain/affect.js';
import { micros, probability } from '../../../src/domain/units.js';
import { insightEvidence } from '../../../src/mllm/evidence.js';
import { fuseInsight } from '../../../src/mllm/fuse-insight.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import { admitLate, createLateMemory, pastProbabilities, rememberFrame } from '../../../src/temporal/fuse.js';

const distribution = (shares: Partial<Record<Emotion, number>>): number[] => {
  const named = Object.values(shares).reduce((a, b) => a + b, 0);
  const rest = (1 - named) / (EMOTIONS.length - Object.keys(shares).length);
  return EMOTIONS.map((emotion) => shares[emotion] ?? rest);
};
const saying = (emotion: Emotion | null, confidence: number | null = null) => ({
  emotion,
  confidence: confidence === null ? null : probability(confidence),
  ptsUs: micros(1e6),
  track: 1,
});
/** By hand: the odds of the named emotion, times (7 p / (1 - p)) ^ (weight / 2), p being 0.6 or the model's own. */
const NEAR_TIE = distribution({ sadness: 0.4, anger: 0.38 });

describe('fuseInsight', () => {
  it.each([
    ['decides a near-tie', saying('anger'), NEAR_TIE, 0.3, 'anger', 0.466],
    ['strengthens what it agrees with', saying('sadness'), NEAR_TIE, 0.3, 'sadness', 0.487],
    [
      'does not overrule a clear measurement',
      saying('anger'),
      distribution({ happiness: 0.8 }),
      0.3,
      'happiness',
      0.79,
    ],
    ['moves more with more weight', saying('anger'), NEAR_TIE, 1, 'anger', 0.665],
    ['moves more when the model is surer', saying('anger', 0.99), NEAR_TIE, 0.3, 'anger', 0.62],
    ['at a probability of chance moves nothing', saying('anger', 0.01), NEAR_TIE, 0.3, 'sadness', 0.4],
  ] as const)('%s', (_, insight, measured, weight, emotion, share) => {
    const fused = fuseInsight(insightEvidence(insight, { weight }), measured)!;
    expect(fused).toMatchObject({ emotion, weight });
    expect(fused.probability).toBeCloseTo(share, 3);
  });

  it.each([
    ['nothing was named', saying(null), NEAR_TIE, 0.3],
    ['no emotion was measured (also in AU-only mode)', saying('anger'), null, 0.3],
    ['insights are not weighed in', saying('anger'), NEAR_TIE, 0],
    ['the measurement is no distribution', saying('anger'), EMOTIONS.map(() => 0), 0.3],
  ])('is null when %s', (_, insight, measured, weight) => {
    expect(fuseInsight(insightEvidence(insight, { weight }), measured)).toBeNull();
  });

  it('is what the temporal stage says of that frame with the same evidence', () => {
    const options = TEMPORAL_DEFAULTS.late;
    const memory = createLateMemory(options);
    const insight = saying('anger', 0.9);
    rememberFrame(memory, options, { ptsUs: 1e6, logits: NEAR_TIE.map(Math.log), seconds: 0.04 });
    const evidence = insightEvidence(insight)!;
    admitLate(memory, options, { nowUs: 1e6, evidence });
    const fused = fuseInsight(evidence, NEAR_TIE)!;
    const [stage] = pastProbabilities(memory, options, { fromUs: 0, k: EMOTIONS.indexOf(fused.emotion) });
    expect(stage!.value).toBeCloseTo(fused.probability, 12);
  });
});
