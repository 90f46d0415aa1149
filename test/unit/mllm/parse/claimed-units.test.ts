import { describe, expect, it } from 'vitest';
import { claimedActionUnits } from '../../../../src/mllm/parse/claimed-units.js';
import { unitsInJson } from '../../../../src/mllm/parse/units-in-json.js';

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
    ['AU12, 3 people look at it', ['12']],
    ['The AUs 1 to 28 were looked for; AU12 is seen', ['12']],
    ['beau12 and FAU12', []],
    ['AU12 at 0.8', ['12']],
    ['', []],
  ])('%s', (text, units) => {
    expect(claimedActionUnits(text)).toEqual(units);
  });
});

describe('unitsInJson', () => {
  it.each([
    [
      [12, '6', 'AU4', 'AU 25 lips part', '1L', 'AU2R', Number.NaN, 4.5, '12.7', -3, 70, null, { au: 9 }, 'smile'],
      ['1', '2', '4', '6', '9', '12', '25'],
    ],
    [['AU6+12'], ['6', '12']],
    [
      [
        { unit: 'AU12', intensity: 0 },
        { number: 6, present: 'yes' },
      ],
      ['6'],
    ],
    [{ AU6: 3, AU12: 'absent', AU25: null, 'chin raiser': true, note: 'x' }, ['6', '17']],
    [{}, []],
    [{ note: 'x' }, null],
    ['AU6, AU12', ['6', '12']],
    [12, ['12']],
    [true, null],
    [undefined, null],
  ])('%j: %j', (value, units) => {
    expect(unitsInJson(value)).toEqual(units);
  });
});
