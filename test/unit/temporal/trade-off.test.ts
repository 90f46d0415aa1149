import { describe, expect, test } from 'vitest';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import { NOISY, QUIET } from '../../support/temporal-sequences.js';
import { flipRates, percentile, stepDelaysMs } from '../../support/temporal-trial.js';

/** The product's bounds: at most 0.5 changes a second, a real step followed within 250 ms. */
const MAX_FLIPS_PER_SECOND = 0.5;
const MAX_DELAY_MS = 250;

describe('label stability against lag, on simulated classifier output', () => {
  test.each([
    { face: 'neutral', rawAtLeast: 0.5 },
    { face: 'slightSmile', rawAtLeast: 2 },
    { face: 'neutralOrSad', rawAtLeast: 6 },
    { face: 'angerOrDisgust', rawAtLeast: 6 },
    { face: 'surpriseOrFear', rawAtLeast: 6 },
    { face: 'nothingClear', rawAtLeast: 10 },
  ] as const)(
    '$face: calm label over a raw top that flips $rawAtLeast times a second or more',
    ({ face, rawAtLeast }) => {
      for (const fps of [15, 25, 30, 60]) {
        const { raw, label } = flipRates(TEMPORAL_DEFAULTS, { face, fps, noise: NOISY, seeds: 4 });
        if (fps >= 25) expect(raw).toBeGreaterThan(rawAtLeast);
        expect(label).toBeLessThan(MAX_FLIPS_PER_SECOND);
      }
    },
  );

  test.each([
    { from: 'neutral', to: 'happiness', label: 'happiness', share: 0.95 },
    { from: 'neutral', to: 'surprise', label: 'surprise', share: 0.95 },
    { from: 'neutral', to: 'sadness', label: 'sadness', share: 0.9 },
    { from: 'neutral', to: 'anger', label: 'anger', share: 0.85 },
    // A neutral face is the least certain of these readings: its own noise delays it.
    { from: 'happiness', to: 'neutral', label: 'neutral', share: 0.8 },
  ] as const)('$from to $to within 250 ms in $share of noisy steps, in all clean ones', (trial) => {
    for (const fps of [15, 25, 30, 60]) {
      const noisy = stepDelaysMs(TEMPORAL_DEFAULTS, { ...trial, fps, noise: NOISY, seeds: 100 });
      expect(percentile(noisy, trial.share)).toBeLessThanOrEqual(MAX_DELAY_MS);
      const [clean] = stepDelaysMs(TEMPORAL_DEFAULTS, { ...trial, fps, noise: QUIET, seeds: 1 });
      expect(clean).toBeLessThanOrEqual(MAX_DELAY_MS);
    }
  });

  test.each([
    { from: 'neutral', to: 'happiness', label: 'happiness', share: 0.95 },
    { from: 'neutral', to: 'sadness', label: 'sadness', share: 0.8 },
    { from: 'neutral', to: 'anger', label: 'anger', share: 0.65 },
    { from: 'happiness', to: 'neutral', label: 'neutral', share: 0.6 },
  ] as const)('a humbler network is followed too: $from to $to within 250 ms in $share of steps', (trial) => {
    const humble = { ...trial, fps: 25, noise: NOISY, seeds: 100, temperature: 1.6 };
    expect(percentile(stepDelaysMs(TEMPORAL_DEFAULTS, humble), trial.share)).toBeLessThanOrEqual(MAX_DELAY_MS);
  });

  test('a smile that grows over half a second is labelled within 250 ms of being complete', () => {
    const ramp = { from: 'neutral', to: 'happiness', label: 'happiness', rampSeconds: 0.5 } as const;
    for (const fps of [25, 30]) {
      const delays = stepDelaysMs(TEMPORAL_DEFAULTS, { ...ramp, fps, noise: NOISY, seeds: 100 });
      expect(percentile(delays, 0.95)).toBeLessThanOrEqual(500 + MAX_DELAY_MS);
    }
  });
});
