import { describe, expect, test } from 'vitest';
import type { Episode } from '../../../src/domain/records.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import { createSignal, endSignal, riseOf, stepSignal } from '../../../src/temporal/signal-episode.js';
import { summary } from '../../support/temporal-faces.js';

const options = TEMPORAL_DEFAULTS.episodes;

/** Runs [active, value, seconds] stretches at 50 samples a second, then ends the signal. */
function run(stretches: readonly (readonly [active: boolean, value: number, seconds: number])[]) {
  const state = createSignal('emotion', 'happiness');
  const outlet = {
    source: 'clip',
    trackId: 1,
    out: [] as Episode[],
    queue: { waiting: [] as Episode[] },
    counters: { droppedShortEpisodes: 0 },
  };
  let frame = 0;
  for (const [active, value, seconds] of stretches) {
    for (let i = 0; i < Math.round(seconds * 50); i += 1) {
      const sample = { ptsUs: frame * 20_000, seconds: 0.02, value, confidence: value };
      const rest = { active, fallBelow: 0.3, maxBackdateSeconds: 1, rise: () => [sample] };
      stepSignal(state, options, { sample: { ...sample, ...rest }, outlet });
      frame += 1;
    }
  }
  endSignal(state, options, { reason: 'source-end', outlet });
  return { ...outlet, ends: outlet.queue.waiting };
}

describe('stepSignal', () => {
  test('one stretch is one episode with exact bounds, peak, mean and a new before its end', () => {
    const { out, ends } = run([
      [false, 0, 1],
      [true, 0.6, 0.5],
      [true, 0.8, 0.5],
      [false, 0.1, 1],
    ]);
    expect(summary(ends)).toEqual(['end 1/happiness/1 1000-2000 released']);
    expect(out[0]).toMatchObject({ phase: 'new', id: 'clip/1/emotion/happiness/1', offsetUs: null, endReason: null });
    expect(ends[0]!.peak).toBe(0.8);
    expect(ends[0]!.apexUs).toBe(1_500_000);
    // 24 intervals at 0.6, 25 at 0.8, and the one in which it fell.
    expect(ends[0]!.mean).toBeCloseTo((24 * 0.6 + 25 * 0.8 + 0.1) / 50, 9);
    expect(ends[0]!.confidence).toBeCloseTo(ends[0]!.mean, 9);
  });

  test.each([
    ['a gap under 200 ms is bridged', 0.1, ['end 1/happiness/1 0-1600 released']],
    ['a longer gap parts two', 0.4, ['end 1/happiness/1 0-500 released', 'end 1/happiness/2 900-1900 released']],
  ])('%s', (_, gap, expected) => {
    const { ends } = run([
      [true, 0.9, 0.5],
      [false, 0.1, gap],
      [true, 0.9, 1],
      [false, 0.1, 0.5],
    ]);
    expect(summary(ends)).toEqual(expected);
  });

  test('too short a stretch is dropped and counted, and was never announced', () => {
    const { out, ends, counters } = run([
      [true, 0.9, 0.2],
      [false, 0.1, 1],
    ]);
    expect([out, ends, counters.droppedShortEpisodes]).toEqual([[], [], 1]);
  });

  test('at most five updates a second', () => {
    const { out } = run([[true, 0.9, 10]]);
    const updates = out.filter((episode) => episode.phase === 'update').length;
    expect(updates).toBeGreaterThan(40);
    expect(updates).toBeLessThanOrEqual(50);
  });

  test('the end is dated back to where the signal fell, not to where the label let go', () => {
    const { ends } = run([
      [true, 0.9, 1],
      [true, 0.2, 0.6],
      [false, 0.2, 0.1],
    ]);
    expect(summary(ends)).toEqual(['end 1/happiness/1 0-1000 released']);
  });

  test('a dip from which it recovered does not count as the fall', () => {
    const { ends } = run([
      [true, 0.9, 1],
      [true, 0.2, 0.3],
      [true, 0.9, 1],
      [false, 0.9, 0.5],
    ]);
    expect(summary(ends)).toEqual(['end 1/happiness/1 0-2300 released']);
  });

  test('but by no more than the allowed second', () => {
    const { ends } = run([
      [true, 0.9, 1],
      [true, 0.2, 3],
      [false, 0.2, 0.5],
    ]);
    expect(ends[0]!.offsetUs).toBeGreaterThanOrEqual(3_000_000);
  });

  test('still on at the end of the source, it ends there', () => {
    expect(summary(run([[true, 0.9, 1]]).ends)).toEqual(['end 1/happiness/1 0-980 source-end']);
  });
});

describe('riseOf', () => {
  const values = (numbers: readonly number[], fromZero = false) =>
    riseOf(
      numbers.map((value) => ({ value })),
      { onsetFraction: 0.1, fromZero },
    ).map((sample) => sample.value);
  test.each([
    ['a ramp', [0.1, 0.1, 0.12, 0.3, 0.5], [0.3, 0.5]],
    ['a dip before the rise', [0.6, 0.1, 0.05, 0.2, 0.6], [0.2, 0.6]],
    ['a single sample', [0.5], [0.5]],
    ['nothing', [], []],
  ])('finds where %s began', (_, recent, expected) => {
    expect(values(recent)).toEqual(expected);
  });

  test('a signal that is high from its first sample began there', () => {
    expect(values([0.8, 0.79, 0.82], true)).toEqual([0.8, 0.79, 0.82]);
  });
});
