import { describe, expect, it } from 'vitest';
import {
  actionUnitNumbers,
  actionUnitsFromText,
  claimedActionUnits,
} from '../../../../src/mllm/parse/action-units-from-text.js';

const FABA = ['1', '2', '4', '5', '6', '10', '12', '17', '24', '25', '26', '43'];

describe('actionUnitsFromText (the published pattern)', () => {
  it.each([
    ['AU12 and AU6, with AU25 slightly', ['6', '12', '25']],
    ['AU4 is absent', ['4']],
    ['AU99, AU7 and AU012', ['12']],
    ['AU 12', []],
    ['', []],
  ])('%s', (text, units) => {
    expect(actionUnitsFromText(text, FABA)).toEqual(units);
  });
});

describe('claimedActionUnits', () => {
  it.each([
    ['AU12 and AU 6.', ['6', '12']],
    ['Action unit 4 is strong', ['4']],
    ['AUs 1, 2 and 5 are seen', ['1', '2', '5']],
    ['There is no AU4. AU12 is strong.', ['12']],
    ['AU12 is strong, while AU4 is absent', ['12']],
    ["AU1 isn't seen; AU25 is", ['25']],
    ['AU123 and AU0 are none', []],
    ['AU12 of 2026, in 3 people', ['12']],
  ])('%s', (text, units) => {
    expect(claimedActionUnits(text)).toEqual(units);
  });
});

describe('actionUnitNumbers', () => {
  it('reads what models write, and nothing else', () => {
    const list = [
      12,
      '6',
      'AU4',
      'AU 25 lips part',
      '1L',
      'AU2R',
      Number.NaN,
      4.5,
      '12.7',
      -3,
      70,
      null,
      { au: 9 },
      'smile',
    ];
    expect(actionUnitNumbers(list)).toEqual(['1', '2', '4', '6', '12', '25']);
  });
});
