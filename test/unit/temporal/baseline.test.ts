import { describe, expect, test } from 'vitest';
import {
  baselinedLogits,
  baselineState,
  createBaseline,
  observeBaseline,
  restingMargin,
} from '../../../src/temporal/baseline.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import { seededRandom } from '../../support/temporal-sequences.js';

const options = TEMPORAL_DEFAULTS.baseline!;
/** A neutral face of the population: every margin at its prior. */
const PRIOR = [0, ...Object.values(options.priorMargins)];
/** Someone whose resting mouth looks sad: 1.5 logits more than the population's. */
const SAD_AT_REST = PRIOR.map((z, k) => (k === 3 ? z + 1.5 : z));
const SMILE = PRIOR.map((z, k) => (k === 1 ? 4 : z));

function observed(rows: readonly { readonly logits: readonly number[]; readonly seconds: number }[], fps = 25) {
  const memory = createBaseline();
  for (const { logits, seconds } of rows) {
    for (let i = 0; i < Math.round(seconds * fps); i += 1) observeBaseline(memory, logits, 1 / fps);
  }
  return memory;
}

describe('baseline', () => {
  test.each([
    { seconds: 0, state: { status: 'warming', progress: 0 } },
    { seconds: 0.4, state: { status: 'warming', progress: 0.4 } },
    { seconds: 12, state: { status: 'ready', progress: 1 } },
  ])('after $seconds s of valid face it is $state', ({ seconds, state }) => {
    const memory = observed([{ logits: PRIOR, seconds }]);
    const { status, progress } = baselineState(memory, options);
    expect(status).toBe(state.status);
    expect(progress).toBeCloseTo(state.progress, 9);
    expect(baselinedLogits(memory, options, PRIOR) === null).toBe(status === 'warming');
  });

  test('switched off it never corrects', () => {
    const memory = observed([{ logits: SAD_AT_REST, seconds: 60 }]);
    expect(baselineState(memory, null)).toEqual({ status: 'off', progress: 0 });
    expect(baselinedLogits(memory, null, SAD_AT_REST)).toBeNull();
  });

  test('a face at rest like the population is left alone', () => {
    const corrected = baselinedLogits(observed([{ logits: PRIOR, seconds: 60 }]), options, SMILE)!;
    corrected.forEach((z, k) => {
      expect(Math.abs(z - SMILE[k]!)).toBeLessThan(0.1);
    });
  });

  test('a face less expressive at rest than the population is not corrected the other way', () => {
    const flat = PRIOR.map((z, k) => (k === 0 ? z : z - 1.5));
    expect(baselinedLogits(observed([{ logits: flat, seconds: 60 }]), options, SMILE)).toEqual(SMILE);
  });

  test('the resting excess is removed bit by bit after the warm-up, and nothing else is', () => {
    const removed = [1.04, 11, 91, 991].map((seconds) => {
      const corrected = baselinedLogits(observed([{ logits: SAD_AT_REST, seconds }]), options, SAD_AT_REST)!;
      expect(corrected[1]).toBeCloseTo(SAD_AT_REST[1]!, 1);
      return SAD_AT_REST[3]! - corrected[3]!;
    });
    expect(removed[0]).toBeLessThan(0.02);
    expect(removed[1]).toBeCloseTo(0.75, 1);
    expect(removed[2]).toBeCloseTo(1.35, 1);
    expect(removed[3]).toBeCloseTo(1.5, 1);
  });

  describe.each([1.25, 1.6, 1.9])('of a network humbler by a temperature of %f', (temperature) => {
    const humble = (logits: readonly number[]) => logits.map((z) => z / temperature);
    const corrected = (logits: readonly number[], reading: readonly number[]) =>
      baselinedLogits(observed([{ logits: humble(logits), seconds: 60 }]), options, humble(reading))!;

    test('a face at rest like the population is left alone, and so is its sad moment', () => {
      for (const reading of [PRIOR, SAD_AT_REST, SMILE])
        for (const [k, z] of corrected(PRIOR, reading).entries())
          expect(Math.abs(z - humble(reading)[k]!)).toBeLessThan(0.1);
    });

    test('what is shown at rest is removed in the measure of the network', () => {
      const sure = baselinedLogits(observed([{ logits: SAD_AT_REST, seconds: 60 }]), options, SAD_AT_REST)!;
      for (const [k, z] of corrected(SAD_AT_REST, SAD_AT_REST).entries())
        expect(Math.abs(temperature * z - sure[k]!)).toBeLessThan(0.2);
    });
  });

  test('a smile shown for 80 % of the time is not taken for rest, one shown always is, by at most the bound', () => {
    const often = observed([
      { logits: PRIOR, seconds: 12 },
      { logits: SMILE, seconds: 48 },
    ]);
    expect(baselinedLogits(often, options, SMILE)![1]).toBeCloseTo(SMILE[1]!, 1);
    const always = observed([{ logits: SMILE, seconds: 10_000 }]);
    const left = baselinedLogits(always, options, SMILE)![1]!;
    expect(left).toBeGreaterThanOrEqual(SMILE[1]! - options.maxCorrection);
    expect(left).toBeCloseTo(SMILE[1]! - options.maxCorrection, 1);
  });

  test('the frame rate does not matter: 10 and 50 fps of the same seconds rest at the same margin', () => {
    const random = seededRandom(3);
    const seconds = Array.from({ length: 200 }, () => -2 + random());
    const at = (fps: number) =>
      observed(
        seconds.map((margin) => ({ logits: [0, margin, 0, 0, 0, 0, 0, 0], seconds: 1 })),
        fps,
      );
    expect(restingMargin(at(10), 0, 0.1)).toBeCloseTo(restingMargin(at(50), 0, 0.1), 6);
    expect(restingMargin(at(10), 0, 0.1)).toBeCloseTo([...seconds].sort((a, b) => a - b)[20]!, 1);
  });

  test('margins beyond the histogram count in its outer bins', () => {
    const memory = observed([{ logits: [0, 99, -99, 0, 0, 0, 0, 0], seconds: 20 }]);
    expect(restingMargin(memory, 0, 0.5)).toBeGreaterThan(3.8);
    expect(restingMargin(memory, 1, 0.5)).toBeLessThan(-11.8);
  });
});
