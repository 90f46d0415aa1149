import type { ClaimCheck, Insight, InsightFusion } from '../../src/domain/insight.js';
import { micros, probability } from '../../src/domain/units.js';

/** A check with these lists, the others empty. */
export function checkOf(lists: Partial<ClaimCheck> = {}): ClaimCheck {
  return { agreed: [], contradicted: [], told: [], unclear: [], covered: [], notMeasured: [], omitted: [], ...lists };
}

/** An insight on track 1 that agrees with what was measured. */
export function insightOf(more: Partial<Insight> = {}): Insight {
  return {
    v: 2,
    id: 'interview/1/insight/1',
    source: 'interview',
    track: 1,
    ptsUs: micros(1_000_000),
    task: 'describe',
    promptId: 'feallm-describe@1',
    engine: 'openai',
    model: 'tiny',
    reason: 'first',
    episodeId: null,
    emotion: 'happiness',
    confidence: null,
    secondEmotion: null,
    degree: null,
    cannotTell: false,
    compound: null,
    claimedActionUnits: ['12'],
    toldActionUnits: [],
    description: 'A smile.',
    reasoning: null,
    parsed: 'json',
    check: checkOf({ agreed: ['12'] }),
    agreesWithMeasured: true,
    fused: { emotion: 'happiness', probability: probability(0.87), weight: probability(0.3) },
    latencyMs: 700,
    tokens: { prompt: 90, completion: 7 },
    ...more,
  };
}

/** What became of such an insight when it was weighed in. */
export function weighedIn(more: Partial<InsightFusion> = {}): InsightFusion {
  return { outcome: 'accepted', reason: null, weight: probability(0.3), decaySeconds: 1.5, episodeId: null, ...more };
}
