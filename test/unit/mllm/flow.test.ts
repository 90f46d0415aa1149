import { describe, expect, it } from 'vitest';
import { EMOTIONS } from '../../../src/domain/affect.js';
import type { Insight } from '../../../src/domain/insight.js';
import { decideBatch } from '../../../src/mllm/batch.js';
import { insightEvidence } from '../../../src/mllm/evidence.js';
import { afterSample, createLimiter, freeSlots, LIMITER_DEFAULTS } from '../../../src/mllm/limiter.js';
import {
  CIRCUIT_DEFAULTS,
  CLOSED,
  mayAsk,
  onAsk,
  onFailure,
  onNothing,
  onSuccess,
} from '../../../src/mllm/openai/circuit.js';
import { OrderedJoin } from '../../../src/mllm/ordered-join.js';

describe('decideBatch', () => {
  const options = { maxItems: 4, maxWaitMs: 50 };
  it.each([
    ['empty', { waiting: 0, oldestMs: null, freeSlots: 4 }, { take: 0, lookAgainAtMs: null }],
    ['full', { waiting: 9, oldestMs: 100, freeSlots: 9 }, { take: 4, lookAgainAtMs: null }],
    ['fills the free slots', { waiting: 9, oldestMs: 100, freeSlots: 2 }, { take: 2, lookAgainAtMs: null }],
    ['part of one, young', { waiting: 2, oldestMs: 90, freeSlots: 4 }, { take: 0, lookAgainAtMs: 140 }],
    ['part of one, at its deadline', { waiting: 2, oldestMs: 50, freeSlots: 4 }, { take: 2, lookAgainAtMs: null }],
    ['no slot', { waiting: 9, oldestMs: 0, freeSlots: 0 }, { take: 0, lookAgainAtMs: null }],
  ])('%s', (_, queue, decision) => {
    expect(decideBatch({ ...queue, nowMs: 100 }, options)).toEqual(decision);
  });
});

describe('the limiter', () => {
  const options = { ...LIMITER_DEFAULTS, start: 4, max: 6, cooldownMs: 1000 };
  const sample = { signal: 'ok', latencyMs: 10, inFlight: 4, nowMs: 0 } as const;

  it('grows by one per round while the limit is used, up to the most', () => {
    let state = createLimiter(options);
    for (let n = 0; n < 5; n++) state = afterSample(state, options, sample);
    expect(freeSlots(state, 0)).toBe(5);
    for (let n = 0; n < 100; n++) state = afterSample(state, options, { ...sample, inFlight: 9 });
    expect(state.limit).toBe(6);
    expect(freeSlots(state, 7)).toBe(0);
  });

  it.each([
    ['overload', { signal: 'overload' }],
    ['slowness', { latencyMs: 10_001 }],
  ] as const)('shrinks on %s, once per cooldown, down to the least', (_, more) => {
    let state = afterSample(createLimiter(options), options, { ...sample, ...more });
    expect(state.limit).toBeCloseTo(2.8);
    state = afterSample(state, options, { ...sample, ...more, nowMs: 999 });
    expect(state.limit).toBeCloseTo(2.8);
    for (let n = 1; n < 20; n++) state = afterSample(state, options, { ...sample, ...more, nowMs: n * 1000 });
    expect(state.limit).toBe(1);
  });

  it('learns nothing from idle successes and from refusals', () => {
    const state = createLimiter(options);
    expect(afterSample(state, options, { ...sample, inFlight: 1 })).toBe(state);
    expect(afterSample(state, options, { ...sample, signal: 'none' })).toBe(state);
  });
});

describe('the circuit', () => {
  const fail = (circuit: Parameters<typeof onFailure>[0], nowMs: number) =>
    onFailure(circuit, CIRCUIT_DEFAULTS, { nowMs, spread: 0 });

  it('opens after failures in a row, lets one trial through, and closes when it is answered', () => {
    let circuit = CLOSED;
    for (let n = 0; n < 3; n++) circuit = fail(circuit, 0);
    expect(mayAsk(circuit, 0)).toBe(true);
    circuit = fail(circuit, 0);
    expect([mayAsk(circuit, 1999), mayAsk(circuit, 2000)]).toEqual([false, true]);
    circuit = onAsk(circuit);
    expect(mayAsk(circuit, 99_999)).toBe(false);
    expect(mayAsk(onNothing(circuit, 2000), 2000)).toBe(true);
    expect(onSuccess()).toEqual(CLOSED);
  });

  it('stays open twice as long after each failed trial, up to the longest', () => {
    let circuit = CLOSED;
    for (let n = 0; n < 4; n++) circuit = fail(circuit, 0);
    const lengths: number[] = [];
    for (let n = 0; n < 7; n++) {
      circuit = fail(onAsk(circuit), 0);
      lengths.push(circuit.kind === 'open' ? circuit.openMs : 0);
    }
    expect(lengths).toEqual([4000, 8000, 15_000, 15_000, 15_000, 15_000, 15_000]);
  });
});

describe('OrderedJoin', () => {
  it('holds what comes early, lets the given up pass, and forgets what is done', () => {
    const join = new OrderedJoin<{ name: string }>();
    const [a, c, b] = [join.open('s', 1), join.open('s', 3), join.open('s', 2)];
    expect(join.settle(c, { name: 'c' })).toEqual([]);
    expect(join.settle(b, null)).toEqual([]);
    expect(join.size).toBe(2);
    expect(join.settle(b, { name: 'b' })).toEqual([]);
    expect(join.settle(a, { name: 'a' })).toEqual([{ name: 'a' }, { name: 'c' }]);
    expect(join.settle(a, { name: 'again' })).toEqual([]);
    expect(join.size).toBe(0);
  });
});

describe('insightEvidence', () => {
  const insight = { emotion: 'anger', confidence: null, ptsUs: 5, track: 2 } as unknown as Insight;
  const shares = (one: Insight) => {
    const { emotionLogits } = insightEvidence(one)!;
    const total = emotionLogits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return EMOTIONS.map((_, k) => Math.exp(emotionLogits[k]!) / total);
  };

  it('gives the named emotion its probability, the rest evenly', () => {
    expect(shares(insight)[EMOTIONS.indexOf('anger')]).toBeCloseTo(0.6);
    expect(shares({ ...insight, confidence: 0.9 as never })[EMOTIONS.indexOf('anger')]).toBeCloseTo(0.9);
    expect(insightEvidence(insight)).toMatchObject({ origin: 'mllm', ptsUs: 5, trackId: 2, weight: 0.3 });
  });

  it('is none without an emotion, and finite when the engine is certain', () => {
    expect(insightEvidence({ ...insight, emotion: null })).toBeNull();
    expect(insightEvidence({ ...insight, confidence: 1 as never })!.emotionLogits.every(Number.isFinite)).toBe(true);
  });
});
