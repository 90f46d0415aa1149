import { describe, expect, test } from 'vitest';
import { AffectError } from '../../../src/domain/errors.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import type { TemporalOverrides } from '../../../src/temporal/resolve-options.js';
import { CIRCUMPLEX, optionsWith } from '../../support/temporal-faces.js';

describe('temporalOptions', () => {
  test('fills the defaults and keeps what is set', () => {
    expect(optionsWith()).toEqual({ ...TEMPORAL_DEFAULTS, circumplex: CIRCUMPLEX });
    const { baseline, smoothing } = optionsWith({ baseline: null, smoothing: { beta: 0 } });
    expect(baseline).toBeNull();
    expect(smoothing).toEqual({ ...TEMPORAL_DEFAULTS.smoothing, beta: 0 });
  });

  test.each<[Omit<TemporalOverrides, 'circumplex'>, string]>([
    [{ smoothing: { minCutoffHz: 0 } }, 'smoothing.minCutoffHz must be above 0, got 0'],
    [{ smoothing: { floorLogit: 0 } }, 'smoothing.floorLogit must be below 0, got 0'],
    [{ maxGapSeconds: Number.NaN }, 'maxGapSeconds must be a number of at least 0, got NaN'],
    [{ hysteresis: { enter: 1.1 } }, 'hysteresis.enter must be 0..1, got 1.1'],
    [{ hysteresis: { leave: 0.2 } }, 'hysteresis.leave must be at least hysteresis.abstain, got 0.2'],
    [{ blink: { openAbove: 0.5 } }, 'blink.openAbove must be above blink.closeBelow, got 0.5'],
    [{ baseline: { quantile: -1 } }, 'baseline.quantile must be a number of at least 0, got -1'],
    [
      { actionUnits: { enterPresence: 0.3 } },
      'actionUnits.enterPresence must be at least actionUnits.leavePresence, got 0.3',
    ],
    [
      { actionUnits: { leaveIntensity: 2 } },
      'actionUnits.enterIntensity must be at least actionUnits.leaveIntensity, got 1',
    ],
    [{ actionUnits: { historyFrames: 0 } }, 'actionUnits.historyFrames must be above 0, got 0'],
    [{ late: { maxPending: 1.5 } }, 'late.maxPending must be a whole number, got 1.5'],
  ])('%o is refused', (overrides, message) => {
    expect(() => optionsWith(overrides)).toThrow(AffectError);
    expect(() => optionsWith(overrides)).toThrow(`temporal option ${message}`);
  });
});
