import { describe, expect, test } from 'vitest';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import { softmax } from '../../../src/temporal/distribution.js';
import { createHysteresis, requiredHoldSeconds, stepHysteresis } from '../../../src/temporal/hysteresis.js';
import { seededRandom } from '../../support/temporal-sequences.js';

const options = { ...TEMPORAL_DEFAULTS.hysteresis, restlessness: 0 };
const { fastLead, tieLead, fastHoldSeconds, slowHoldSeconds } = options;

/** Labels over stretches of [probabilities, seconds] at 100 samples a second: "label@ms" at each change. */
function changes(stretches: readonly (readonly [readonly number[], number])[], settings = options): string[] {
  const state = createHysteresis();
  const seen: string[] = [];
  let [frame, label] = [0, -1];
  for (const [probabilities, seconds] of stretches) {
    for (let i = 0; i < Math.round(seconds * 100); i += 1) {
      frame += 1;
      const next = stepHysteresis(state, settings, { dtSeconds: 0.01, probabilities });
      if (next !== label) seen.push(`${next}@${frame * 10}`);
      label = next;
    }
  }
  return seen;
}

describe('requiredHoldSeconds', () => {
  test.each([
    { lead: 1, restless: 0, hold: fastHoldSeconds },
    { lead: fastLead, restless: 0, hold: fastHoldSeconds },
    { lead: (fastLead + tieLead) / 2, restless: 0, hold: Math.sqrt(fastHoldSeconds * slowHoldSeconds) },
    { lead: tieLead, restless: 0, hold: slowHoldSeconds },
    { lead: 0, restless: 0, hold: slowHoldSeconds },
    { lead: 0, restless: 2, hold: 3 * slowHoldSeconds },
    { lead: fastLead, restless: 2, hold: fastHoldSeconds },
  ])('lead $lead after $restless recent changes holds $hold s', ({ lead, restless, hold }) => {
    expect(requiredHoldSeconds({ ...options, restlessness: 1 }, lead, restless)).toBeCloseTo(hold, 9);
  });
});

describe('stepHysteresis', () => {
  const A = [0.75, 0.22, 0.03];
  const B = [0.22, 0.75, 0.03];
  test.each([
    ['a clear class enters after the fast hold', [[A, 0.1]], ['0@50']],
    ['under the enter threshold nothing enters', [[[0.39, 0.35, 0.26], 20]], []],
    ['without a label even a near-tie enters after the free hold', [[[0.5, 0.45, 0.05], 3]], ['0@250']],
    [
      'a near-tie replaces a label after the slow hold',
      [
        [A, 1],
        [[0.45, 0.5, 0.05], 3],
      ],
      ['0@50', '1@3000'],
    ],
    [
      'a label that is far less likely than the top is over within the fast hold, however wide the probabilities',
      [
        [A, 1],
        [[0.18, 0.54, 0.28], 1],
      ],
      ['0@50', '1@1050'],
    ],
    [
      'a clear change replaces a label at once, even a fresh one',
      [
        [A, 0.2],
        [B, 0.2],
      ],
      ['0@50', '1@250'],
    ],
    [
      'one wild frame of 40 ms does not',
      [
        [A, 1],
        [B, 0.04],
        [A, 1],
      ],
      ['0@50'],
    ],
    [
      'nor do two in a row',
      [
        [A, 1],
        [B, 0.04],
        [A, 0.06],
        [B, 0.04],
        [A, 1],
      ],
      ['0@50'],
    ],
    [
      'half as likely as the top, a fresh label is over within the quarter of a second',
      [
        [A, 0.06],
        [[0.3, 0.6, 0.1], 2],
      ],
      ['0@50', '1@310'],
    ],
    [
      'a label is kept while it is the top',
      [
        [A, 1],
        [[0.28, 0.26, 0.26], 5],
      ],
      ['0@50'],
    ],
    [
      'and released under the abstain threshold',
      [
        [A, 1],
        [[0.24, 0.2, 0.2], 1],
      ],
      ['0@50', '-1@1600'],
    ],
    [
      'released under leave when another leads, short of entering',
      [
        [A, 1],
        [[0.29, 0.39, 0.32], 5],
      ],
      ['0@50', '-1@1600'],
    ],
    [
      'a dip shorter than the release hold is survived',
      [
        [A, 1],
        [[0.22, 0.39, 0.39], 0.5],
        [A, 1],
      ],
      ['0@50'],
    ],
    [
      'under the floor the top takes its place in the same sample, whatever the hold',
      [
        [A, 0.1],
        [[0.16, 0.45, 0.39], 0.01],
      ],
      ['0@50', '1@110'],
    ],
    [
      'under the floor without a class that may enter there is none',
      [
        [A, 1],
        [[0.16, 0.39, 0.38], 0.01],
      ],
      ['0@50', '-1@1010'],
    ],
  ] as const)('%s', (_, stretches, expected) => {
    expect(changes(stretches)).toEqual(expected);
  });

  test('recent changes make the next near-tie slower, and fade; a clear change is never slower', () => {
    const settings = { ...options, restlessness: 1 };
    const near = [0.4, 0.5, 0.1];
    const delayAfter = (seconds: number, change: readonly number[]) =>
      Number(
        changes(
          [
            [A, seconds],
            [change, 10],
          ],
          settings,
        )[1]!.split('@')[1],
      ) -
      1000 * seconds;
    expect(delayAfter(2, near)).toBeGreaterThan(1.4 * delayAfter(60, near));
    expect(delayAfter(60, near)).toBeCloseTo(1000 * slowHoldSeconds, -2);
    expect(delayAfter(2, B)).toBe(delayAfter(60, B));
    expect(delayAfter(2, B)).toBe(1000 * fastHoldSeconds);
  });

  test('of a restless random walk no label is ever under the floor', () => {
    const random = seededRandom(5);
    for (const settings of [options, { ...options, restlessness: 3, enter: 0.46, leave: 0.46, abstain: 0.46 }]) {
      const state = createHysteresis();
      const logits = [0, 0, 0, 0];
      let shown = 0;
      for (let i = 0; i < 5000; i += 1) {
        for (let k = 0; k < logits.length; k += 1) logits[k] = 0.95 * logits[k]! + 3 * (random() - 0.5);
        const probabilities = softmax(logits);
        const label = stepHysteresis(state, settings, { dtSeconds: 0.04, probabilities });
        if (label < 0) continue;
        shown += 1;
        expect(probabilities[label]).toBeGreaterThanOrEqual(settings.floor);
      }
      expect(shown).toBeGreaterThan(3000);
    }
  });
});
