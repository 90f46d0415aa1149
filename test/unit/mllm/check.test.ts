import { describe, expect, it } from 'vitest';
import { EMOTIONS, type Emotion } from '../../../src/domain/affect.js';
import { agreesWith, checkClaims } from '../../../src/mllm/check.js';
import { toldPriors } from '../../../src/mllm/told-priors.js';
import { checkOf } from '../../support/insight-builder.js';
import { priors } from '../../support/mllm-builders.js';

const at = (presence: number) => ({ presence, intensity: 1 });
const MEASURED = {
  actionUnits: {
    '1': at(0.9),
    '2': at(0.9),
    '4': at(0.3),
    '6': at(0.4),
    '12': at(0.5),
    '12L': at(0.99),
    '25': at(Number.NaN),
  },
  covered: ['9'],
};

describe('checkClaims', () => {
  it('has each claim in one list: agreed, contradicted, or why it cannot be checked', () => {
    const claimed = ['43', '12', '6', '4', '25', '12', '9', '2'];
    expect(checkClaims({ claimed, measured: MEASURED, told: ['2'], asked: true })).toEqual({
      agreed: ['12'],
      contradicted: ['4'],
      told: ['2'],
      unclear: ['6'],
      covered: ['9'],
      notMeasured: ['25', '43'],
      omitted: ['1'],
    });
  });

  it('what was told is never agreement, contradiction or omission', () => {
    const told = ['1', '2', '4', '12'];
    const check = checkClaims({ claimed: ['1', '4', '12'], measured: MEASURED, told, asked: true });
    expect(check).toEqual(checkOf({ told: ['1', '4', '12'] }));
  });

  it('nothing is omitted where units were not asked for', () => {
    expect(checkClaims({ claimed: [], measured: MEASURED, told: [], asked: false }).omitted).toEqual([]);
  });

  it('without a measurement nothing can be checked', () => {
    const measured = { actionUnits: null, covered: [] };
    expect(checkClaims({ claimed: ['12'], measured, told: [], asked: true })).toEqual(checkOf({ notMeasured: ['12'] }));
  });
});

describe('agreesWith', () => {
  const shares = (more: Partial<Record<Emotion, number>>) => EMOTIONS.map((emotion) => more[emotion] ?? 0.01);
  it.each([
    ['happiness', shares({ happiness: 0.8 }), true],
    ['anger', shares({ happiness: 0.8 }), false],
    ['happiness', shares({ happiness: 0.5, surprise: 0.45 }), null],
    ['surprise', shares({ happiness: 0.5, surprise: 0.45 }), null],
    ['fear', shares({ happiness: 0.5, surprise: 0.45 }), false],
    [null, shares({ happiness: 0.8 }), null],
    ['happiness', null, null],
  ] as const)('%s against %j: %s', (named, measured, verdict) => {
    expect(agreesWith(named, measured)).toBe(verdict);
  });
});

describe('toldPriors', () => {
  const units = ['1', '2', '4', '9', '10', '12', '15', '22', '25', '26', '45'];
  const measured = priors({ actionUnits: Object.fromEntries(units.map((unit) => [unit, at(0.9)])) });
  const told = (ordinal: number, from = measured) => Object.keys(toldPriors(from, ordinal).actionUnits ?? {});

  it('tells half of the units, and the other half at the next keyframe', () => {
    expect(told(0)).toEqual(['1', '2', '10', '12', '25', '26']);
    expect(told(1)).toEqual(['4', '9', '15', '22', '45']);
    expect(told(2)).toEqual(told(0));
    expect([...told(0), ...told(1)].sort()).toEqual([...units].sort());
  });

  it('never tells what is too close to call, nor a side', () => {
    const some = priors({ actionUnits: { '1': at(0.4), '2': at(0.1), '12L': at(0.9) } });
    expect([told(0, some), told(1, some)]).toEqual([['2'], []]);
  });

  it('leaves the rest alone', () => {
    expect(toldPriors(priors({ actionUnits: null, sharpness: 0.3 }), 0)).toMatchObject({
      actionUnits: null,
      sharpness: 0.3,
    });
  });
});
