import { describe, expect, test } from 'vitest';
import { micros, probability } from '../../../src/domain/units.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import {
  admitLate,
  createLateMemory,
  type LateReading,
  lateConfidenceChange,
  lateShare,
  lateWeight,
  pastProbabilities,
  rememberFrame,
  withLateEvidence,
} from '../../../src/temporal/fuse.js';

const options = TEMPORAL_DEFAULTS.late;
const FLAT = [0, 0, 0, 0, 0, 0, 0, 0];
const HAPPY = [0, 4, 0, 0, 0, 0, 0, 0];

const late = (seconds: number, emotionLogits: readonly number[] = HAPPY, weight = 1) => ({
  origin: 'mllm' as const,
  trackId: 1,
  ptsUs: micros(seconds * 1e6),
  actionUnits: null,
  emotionLogits,
  weight: probability(weight),
});
/** A memory of `seconds` of flat logits at 10 frames a second. */
function memoryOf(seconds: number, settings = options) {
  const memory = createLateMemory(settings);
  for (let i = 0; i <= seconds * 10; i += 1) {
    rememberFrame(memory, settings, { ptsUs: i * 100_000, logits: FLAT, seconds: 0.1 });
  }
  return memory;
}

test('weight: 1 at its own time, about 1/e at tau, 0 from three tau on, the same before and after', () => {
  const at = (taus: number) => lateWeight(options, taus * options.tauSeconds * 1e6);
  expect([at(0), at(3), at(4)]).toEqual([1, 0, 0]);
  expect(at(1)).toBeCloseTo((Math.exp(-1) - Math.exp(-3)) / (1 - Math.exp(-3)), 12);
  expect(at(-1)).toBe(at(1));
});

test('share: weight times decay of everything admitted, 0 out of its reach', () => {
  const memory = memoryOf(20);
  for (const [seconds, weight] of [
    [18, 0.3],
    [19, 0.5],
  ] as const) {
    admitLate(memory, options, { nowUs: 20e6, evidence: late(seconds, HAPPY, weight) });
  }
  const apart = lateWeight(options, 1e6);
  expect(lateShare(memory, options, 18e6)).toBeCloseTo(0.3 + 0.5 * apart, 12);
  expect(lateShare(memory, options, 19e6)).toBeCloseTo(0.3 * apart + 0.5, 12);
  expect(lateShare(memory, options, 19e6 + 3.01 * options.tauSeconds * 1e6)).toBe(0);
});

describe('admitLate', () => {
  test.each([
    ['older than the window', late(9.9), 'too-late'],
    ['before the track', late(-0.1), 'too-late'],
    ['after the newest frame', late(20.1), 'not-yet-seen'],
    ['of the wrong length', late(19, [1, 2]), 'invalid'],
    ['with a value that is not finite', late(19, [Number.NaN, 0, 0, 0, 0, 0, 0, 0]), 'invalid'],
  ])('refuses evidence %s', (_, evidence, reason) => {
    const memory = memoryOf(20);
    expect(admitLate(memory, options, { nowUs: 20e6, evidence })).toBe(reason);
    expect(memory.pending).toEqual([]);
  });

  test('refuses the same evidence twice, and more than it can hold', () => {
    const settings = { ...options, maxPending: 2 };
    const memory = memoryOf(20, settings);
    const outcome = (seconds: number) => {
      const result = admitLate(memory, settings, { nowUs: 20e6, evidence: late(seconds) });
      return typeof result === 'string' ? result : 'ok';
    };
    expect([18, 18, 19, 19.5].map(outcome)).toEqual(['ok', 'duplicate', 'ok', 'over-capacity']);
  });

  test('refuses what reaches beyond the remembered frames', () => {
    const settings = { ...options, historyFrames: 60 };
    const memory = memoryOf(20, settings);
    expect(admitLate(memory, settings, { nowUs: 20e6, evidence: late(18) })).toBe('too-late');
    expect(admitLate(memory, settings, { nowUs: 20e6, evidence: late(19) })).not.toBeTypeOf('string');
  });

  test('log-odds are centred, scaled by gain and weight, and bounded', () => {
    const memory = memoryOf(1);
    const admitted = admitLate(memory, options, { nowUs: 1e6, evidence: late(1, HAPPY, 0.5) });
    expect(admitted).toMatchObject({ logOdds: HAPPY.map((z) => 0.5 * options.gain * (z - 0.5)) });
    const extreme = admitLate(memory, options, {
      nowUs: 1e6,
      evidence: late(
        0.9,
        HAPPY.map((z) => 100 * z),
      ),
    });
    const { logOdds } = extreme as LateReading;
    expect(Math.max(...logOdds.map(Math.abs))).toBe(options.maxLogit);
  });
});

test('the sum over late evidence is the same to the last bit in any order of arrival', () => {
  const pieces = [
    late(19, [0.1, 1.3, 0.7, 0, 0, 0, 0, 0]),
    late(18.7, [0.2, 0, 1.1, 0, 0.3, 0, 0, 0]),
    late(18.7),
    late(17),
  ];
  const orders = [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [2, 0, 3, 1],
  ];
  const sums = orders.map((order) => {
    const memory = memoryOf(20);
    for (const i of order) admitLate(memory, options, { nowUs: 20e6, evidence: pieces[i]! });
    return withLateEvidence(memory, options, { ptsUs: 20e6, logits: FLAT });
  });
  expect(sums[1]).toEqual(sums[0]);
  expect(sums[2]).toEqual(sums[0]);
  expect(sums[0]).not.toEqual(FLAT);
});

test('the change of confidence is what the past probabilities gained, times their seconds', () => {
  const memory = memoryOf(20);
  const query = { fromUs: 17e6, k: 1 };
  const total = () =>
    pastProbabilities(memory, options, query).reduce((sum, past) => sum + past.seconds * past.value, 0);
  const before = total();
  expect(before).toBeCloseTo(31 * 0.1 * 0.125, 9);
  const reading = admitLate(memory, options, { nowUs: 20e6, evidence: late(18) });
  if (typeof reading === 'string') throw new Error(reading);
  const change = lateConfidenceChange(memory, options, { ...query, reading, toUs: 20e6 });
  expect(change).toBeGreaterThan(0.2);
  expect(change).toBeCloseTo(total() - before, 9);
});

test('readings that can change nothing any more are forgotten', () => {
  const memory = memoryOf(20);
  admitLate(memory, options, { nowUs: 20e6, evidence: late(19) });
  const forgottenAt = (19 + options.windowSeconds + 3 * options.tauSeconds) * 1e6;
  rememberFrame(memory, options, { ptsUs: forgottenAt, logits: FLAT, seconds: 0.1 });
  expect(memory.pending).toHaveLength(1);
  rememberFrame(memory, options, { ptsUs: forgottenAt + 1, logits: FLAT, seconds: 0.1 });
  expect(memory.pending).toHaveLength(0);
});
