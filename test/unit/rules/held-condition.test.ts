import { describe, expect, it } from 'vitest';
import { HeldCondition } from '../../../src/rules/held-condition.js';

const S = 1_000_000;
const times = { forUs: 2 * S, endAfterUs: 1 * S, holdOffUs: 5 * S };
const met = (...subjects: number[]) => new Map(subjects.map((subject) => [subject, subject / 10]));

/** Turns of a condition that is sampled so: seconds and the subjects that meet it. */
function turns(
  samples: readonly (readonly [seconds: number, ...subjects: number[]])[],
  more: Partial<typeof times> = {},
) {
  const held = new HeldCondition({ ...times, ...more });
  return samples.flatMap(([seconds, ...subjects]) => held.sample(seconds * S, met(...subjects)) ?? []);
}

describe('HeldCondition', () => {
  it('begins when one subject has met it long enough, and ends when nobody has', () => {
    expect(turns([[0, 7], [1, 7], [2, 7], [3, 7], [3.5], [4]])).toEqual([
      { phase: 'start', subject: 7, value: 0.7, onsetUs: 0 },
      { phase: 'end', endedUs: 3 * S },
    ]);
  });

  it.each([
    ['one moment without', [[0, 7], [1, 7], [1.5], [1.6, 7], [3.5, 7]], []],
    [
      'one after the other',
      [
        [0, 7],
        [1, 7],
        [1.5, 8],
        [3, 8],
      ],
      [],
    ],
    [
      'two at once',
      [
        [0, 7],
        [1, 7, 8],
        [2, 7, 8],
      ],
      [7],
    ],
    [
      'the other goes on',
      [
        [0, 7],
        [1, 7, 8],
        [2.5, 8],
        [3, 8],
      ],
      [8],
    ],
  ] as const)('%s', (_, samples, subjects) => {
    const started = turns(samples).flatMap((turn) => (turn.phase === 'start' ? [turn.subject] : []));
    expect(started).toEqual(subjects);
  });

  it('goes on over a lost frame and with another subject', () => {
    expect(turns([[0, 7], [2, 7], [2.5], [3, 8], [3.9], [4, 8]])).toHaveLength(1);
  });

  it('is quiet after it ended, then begins at once when it was met meanwhile', () => {
    const samples = [[0, 7], [2, 7], [3], [4, 7], [6, 7], [7, 7], [8, 7], [9, 7]] as const;
    expect(turns(samples)).toEqual([
      { phase: 'start', subject: 7, value: 0.7, onsetUs: 0 },
      { phase: 'end', endedUs: 2 * S },
      { phase: 'start', subject: 7, value: 0.7, onsetUs: 4 * S },
    ]);
  });

  it('is cut when nothing is known any more', () => {
    const held = new HeldCondition(times);
    held.sample(0, met(7));
    expect(held.cut()).toBeNull();
    held.sample(1 * S, met(7));
    expect(held.sample(2 * S, met(7))).toBeNull();
    expect(held.sample(3 * S, met(7))).toMatchObject({ phase: 'start', onsetUs: 1 * S });
    expect(held.cut()).toEqual({ phase: 'end', endedUs: 3 * S });
  });

  it('says when time alone turns it', () => {
    const held = new HeldCondition(times);
    expect(held.dueUs).toBeNull();
    held.sample(1 * S, met(7));
    expect(held.dueUs).toBe(3 * S);
    held.sample(3 * S, met(7));
    expect(held.dueUs).toBeNull();
    held.sample(3.5 * S, met());
    expect(held.dueUs).toBe(4 * S);
    held.sample(4 * S, met());
    expect(held.dueUs).toBeNull();
    held.sample(4.5 * S, met(7));
    expect(held.dueUs).toBe(9 * S);
  });
});
