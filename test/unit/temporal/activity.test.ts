import { describe, expect, test } from 'vitest';
import { createActivity, stepActivity } from '../../../src/temporal/activity.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';

const options = {
  ...TEMPORAL_DEFAULTS.actionUnits,
  enterPresence: 0.5,
  leavePresence: 0.35,
  enterIntensity: 1,
  leaveIntensity: 0.7,
  enterHoldSeconds: 0.08,
  leaveHoldSeconds: 0.12,
};

/** Samples as [presence, intensity] at 25 fps; one character a sample: # active. */
function path(samples: readonly (readonly [number, number])[]): string {
  const state = createActivity();
  return samples
    .map(([presence, intensity]) =>
      stepActivity(state, options, { dtSeconds: 0.04, presence, intensity }) ? '#' : '.',
    )
    .join('');
}
const on = [0.5, 1] as const;
const off = [0.34, 2] as const;

describe('stepActivity', () => {
  test.each([
    ['enters after the hold', [on, on, on], '.##'],
    ['not for one frame', [on, off, on, off], '....'],
    [
      'not without presence',
      [
        [0.49, 3],
        [0.49, 3],
        [0.49, 3],
      ],
      '...',
    ],
    [
      'not without intensity',
      [
        [0.99, 0.9],
        [0.99, 0.9],
        [0.99, 0.9],
      ],
      '...',
    ],
    ['stays between the thresholds', [on, on, [0.35, 0.7], [0.35, 0.7], [0.35, 0.7], [0.35, 0.7]], '.#####'],
    ['leaves when presence is low for the hold', [on, on, off, off, off], '.###.'],
    ['leaves when intensity is', [on, on, [0.9, 0.6], [0.9, 0.6], [0.9, 0.6]], '.###.'],
    ['survives a shorter dip, and the next starts anew', [on, on, off, off, on, off, off], '.######'],
  ] as const)('%s', (_, samples, expected) => {
    expect(path(samples)).toBe(expected);
  });
});
