import { describe, expect, it } from 'vitest';
import { FULL_PACE } from '../../../src/domain/reading-pace.js';
import {
  type Ease,
  NOT_REDUCED,
  paceAt,
  REDUCTION_LEVELS,
  type Reduction,
  stepReduction,
} from '../../../src/live/reduction.js';

const LAST = REDUCTION_LEVELS.length - 1;

/** Plays seconds; the level after each. */
function play(
  seconds: number,
  easeOf: (level: number, second: number) => Ease,
  from: Reduction = NOT_REDUCED,
  load = 240,
) {
  const levels: number[] = [];
  let state = from;
  for (let second = 0; second < seconds; second += 1) {
    state = stepReduction(state, { ease: easeOf(state.level, second), load });
    levels.push(state.level);
  }
  return { levels, state };
}

/** A machine that has time for everything from this level on. */
const enoughAt =
  (least: number) =>
  (level: number): Ease =>
    level < least ? 'strained' : 'calm';
const turns = (levels: readonly number[]): number[] =>
  levels.flatMap((level, second) => (second > 0 && level !== levels[second - 1] ? [second] : []));

/** Numbers from 0 to 1 that are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let value = seed; ; ) {
    value = (value * 48_271) % 2_147_483_647;
    yield value / 2_147_483_647;
  }
}

describe('REDUCTION_LEVELS', () => {
  it('give up affect first, then eyes and covers, and never read anything more often than before', () => {
    const paces = REDUCTION_LEVELS.map((_, level) => paceAt(level));
    expect(paces[0]).toEqual(FULL_PACE);
    for (const [index, pace] of paces.slice(1).entries()) {
      const before = paces[index]!;
      for (const look of ['affect', 'gaze', 'cover'] as const) expect(pace[look]).toBeGreaterThanOrEqual(before[look]);
      const others = pace.gaze > before.gaze || pace.cover > before.cover;
      if (others) expect(before.affect).toBe(Math.max(...paces.map(({ affect }) => affect)));
      else expect(pace.affect).toBeGreaterThan(before.affect);
    }
  });
});

describe('stepReduction', () => {
  it('takes one bad second as no news, and two in a row as trouble', () => {
    expect(play(60, (_, second) => (second % 2 === 0 ? 'strained' : 'calm')).state.level).toBe(0);
    expect(play(60, (_, second) => (second % 2 === 0 ? 'strained' : 'between')).state.level).toBe(0);
    expect(play(2, () => 'strained').state.level).toBe(1);
    expect(play(9, () => 'strained').levels).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4]);
  });

  it('gives nothing back while results are just in time', () => {
    const { state } = play(4, () => 'strained');
    expect(play(600, () => 'between', state).state.level).toBe(2);
  });

  it.each([1, 2, 3, 4])('settles at level %i under an even load that needs it', (least) => {
    const { levels } = play(3_600, enoughAt(least));
    // Two seconds for each level to begin with; then each try that fails costs two.
    expect(levels.indexOf(least)).toBe(2 * least - 1);
    const later = levels.slice(2 * least);
    const tries = turns(later).length / 2;
    // After 10, 20, 40, 80, 160 s of ease, then every 320.
    expect(tries).toBeLessThanOrEqual(5 + (3_600 - 310) / 320);
    expect(later.filter((level) => level < least).length).toBeLessThanOrEqual(2 * (tries + 1));
    expect(Math.min(...later)).toBe(least - 1);
  });

  it('gives all back soon when the load falls, however often it tried in vain', () => {
    const { state } = play(3_600, enoughAt(LAST));
    const { levels } = play(60, () => 'calm', state, 150);
    expect(levels.indexOf(0)).toBeLessThanOrEqual(10 * LAST + 2);
    // The same frames, and other work that ended: that shows only in a try.
    expect(play(320 + 10 * LAST, () => 'calm', state).levels).toContain(0);
  });

  it('forgets tries in vain once one has succeeded', () => {
    const tired = play(3_600, enoughAt(1)).state;
    const rested = play(400, () => 'calm', tired).state;
    expect(rested).toMatchObject({ level: 0, patience: 10 });
  });

  it('moves one level at a time, whatever comes: up after two seconds of trouble, down after ten of ease', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = numbers(seed * 7_919);
      const eases: Ease[] = [];
      const bias = random.next().value;
      const { levels } = play(400, () => {
        const value = random.next().value;
        eases.push(value < bias * 0.5 ? 'strained' : value < bias * 0.6 ? 'between' : 'calm');
        return eases.at(-1)!;
      });
      for (const second of turns(levels)) {
        const change = levels[second]! - levels[second - 1]!;
        expect(Math.abs(change)).toBe(1);
        const asked = change > 0 ? eases.slice(second - 1, second + 1) : eases.slice(second - 9, second + 1);
        expect(new Set(asked)).toEqual(new Set([change > 0 ? 'strained' : 'calm']));
      }
      expect(Math.max(...levels)).toBeLessThanOrEqual(LAST);
    }
  });
});
