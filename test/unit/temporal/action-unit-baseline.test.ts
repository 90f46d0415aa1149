import { describe, expect, test } from 'vitest';
import { createResting, observeResting, relativeToRest } from '../../../src/temporal/action-unit-baseline.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';

const options = { baseline: TEMPORAL_DEFAULTS.baseline, actionUnits: TEMPORAL_DEFAULTS.actionUnits };
const { maxRestingIntensity, maxRestingLogit, restingLogit } = options.actionUnits;

/** Two units; the second is never there. */
const shows = (logit: number, intensity: number) => ({ presenceLogits: [logit, -6], intensities: [intensity, 0] });
const REST = shows(1, 1.5);
const FROWN = shows(4, 4);

/** What is known after stretches of [evidence, seconds of rest]. */
function observed(stretches: readonly (readonly [ReturnType<typeof shows>, number])[], fps = 20) {
  const memory = createResting(2);
  for (const [evidence, seconds] of stretches) {
    for (let i = 0; i < Math.round(seconds * fps); i += 1) {
      observeResting(memory, options, { evidence, seconds: 1 / fps });
    }
  }
  return memory;
}
const relative = (memory: ReturnType<typeof createResting>, evidence: ReturnType<typeof shows>) =>
  relativeToRest(memory, options, evidence)!;

describe('the reading relative to rest', () => {
  test('is null before the warm-up ends, and when switched off', () => {
    expect(relative(observed([[REST, 0.9]]), FROWN)).toBeNull();
    const off = { ...options, baseline: null };
    const memory = createResting(2);
    observeResting(memory, off, { evidence: REST, seconds: 60 });
    expect(relativeToRest(memory, off, FROWN)).toBeNull();
  });

  test('has most of the rest taken off two seconds on, at every frame rate, and nothing off a unit that rests at 0', () => {
    for (const fps of [5, 10, 20, 60]) {
      const { intensities, presenceLogits } = relative(observed([[REST, 2]], fps), REST);
      expect(intensities[0]).toBeLessThan(0.6);
      expect(presenceLogits[0]).toBeLessThan(-0.9);
      expect([presenceLogits[1], intensities[1]]).toEqual([-6, 0]);
    }
  });

  test('grows from nothing, so it never jumps', () => {
    const removed = [1, 1.05, 1.5, 2, 10].map(
      (seconds) => 4 - relative(observed([[REST, seconds]]), FROWN).intensities[0]!,
    );
    expect(removed[0]).toBeCloseTo(0, 6);
    expect(removed[1]).toBeLessThan(0.2);
    expect(removed[2]).toBeCloseTo(0.75, 1);
    expect(removed[4]).toBeGreaterThan(1.35);
    expect([...removed].sort((a, b) => a - b)).toEqual(removed);
  });

  test('a movement beyond rest keeps its size; presence is absent at rest and present in it', () => {
    const memory = observed([[REST, 10]]);
    expect(relative(memory, FROWN).intensities[0]).toBeCloseTo(2.5, 0);
    expect(relative(memory, REST).presenceLogits[0]).toBeCloseTo(restingLogit, 0);
    expect(relative(memory, shows(6, 4)).presenceLogits[0]).toBeGreaterThan(2);
  });

  test('first moments that were not neutral: a lower rest wins within seconds', () => {
    const started = observed([[FROWN, 1.5]]);
    expect(relative(started, FROWN).intensities[0]).toBeLessThan(3);
    const later = observed([
      [FROWN, 1.5],
      [shows(-5, 0), 1],
    ]);
    expect(relative(later, FROWN).intensities[0]).toBeCloseTo(4, 6);
    expect(relative(later, FROWN).presenceLogits[0]).toBeCloseTo(4, 6);
  });

  test('a first moment that was lower than rest is left soon', () => {
    const memory = observed([
      [shows(-5, 0), 0.3],
      [REST, 2.5],
    ]);
    expect(relative(memory, REST).intensities[0]).toBeLessThan(0.5);
  });

  test('a movement that is held is not absorbed: 10 seconds of it take off less than a quarter', () => {
    const held = observed([
      [shows(-5, 0), 3],
      [FROWN, 10],
    ]);
    expect(relative(held, FROWN).intensities[0]).toBeGreaterThan(3);
    expect(relative(held, FROWN).presenceLogits[0]).toBeGreaterThan(2);
  });

  test('never below 0, and never more off than the bounds', () => {
    const always = observed([[shows(9, 5), 1000]], 5);
    expect(relative(always, shows(9, 1)).intensities[0]).toBe(0);
    expect(relative(always, shows(9, 5)).intensities[0]).toBeCloseTo(5 - maxRestingIntensity, 1);
    expect(relative(always, shows(9, 5)).presenceLogits[0]).toBeCloseTo(9 - maxRestingLogit, 1);
  });
});
