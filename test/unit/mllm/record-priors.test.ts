import { describe, expect, it } from 'vitest';
import type { ActionUnitReading } from '../../../src/domain/affect.js';
import { recordPriors } from '../../../src/mllm/record-priors.js';
import { emptyFrame, faceRecord } from '../../support/record-builders.js';

const unit = (presence: number | null, intensity: number | null): ActionUnitReading => {
  const staged = (value: number | null) => (value === null ? null : { raw: 0.5, baselined: null, smoothed: value });
  return { presence: staged(presence), intensity: staged(intensity), active: null };
};

describe('recordPriors', () => {
  it.each([
    ['both sides together go before each side', { '12': unit(0.6, 2), '12L': unit(0.9, 4) }, { '12': [0.6, 2] }],
    ['sides only: the stronger', { '12L': unit(0.2, 3), '12R': unit(0.7, 1) }, { '12': [0.7, 3] }],
    ['no presence, no unit', { '1': unit(null, 3), '2': unit(0.4, null) }, { '2': [0.4, 0] }],
  ])('%s', (_, actionUnits, expected) => {
    const { actionUnits: units } = recordPriors(faceRecord(0, { actionUnits }));
    expect(units).toEqual(
      Object.fromEntries(
        Object.entries(expected).map(([key, [presence, intensity]]) => [key, { presence, intensity }]),
      ),
    );
  });

  it('a unit without a presence is covered, unless a side of it has one', () => {
    const actionUnits = {
      '9': unit(null, null),
      '12L': unit(null, null),
      '12R': unit(0.7, 1),
      '15L': unit(null, null),
    };
    expect(recordPriors(faceRecord(0, { actionUnits })).covered).toEqual(['9', '15']);
  });

  it('has smoothed emotions, pose and sharpness', () => {
    const record = faceRecord(0);
    expect(recordPriors(record)).toMatchObject({
      emotions: record.emotions!.smoothed,
      pose: record.pose,
      sharpness: record.quality!.sharpness,
    });
  });

  it('has nothing where nothing was measured', () => {
    expect(recordPriors(emptyFrame(0))).toEqual({
      emotions: null,
      actionUnits: null,
      covered: [],
      pose: null,
      sharpness: null,
    });
  });
});
