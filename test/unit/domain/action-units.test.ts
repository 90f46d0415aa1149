import { expect, test } from 'vitest';
import { actionUnit, actionUnitTitle, activeUnits, inFaceOrder } from '../../../src/domain/action-units.js';
import { faceWithUnits, unitReading } from '../../support/record-builders.js';

test.each([
  ['1', 'AU1', 'inner brow raiser', 'upper face', null],
  ['12', 'AU12', 'lip corner puller', 'lower face', null],
  ['12L', 'AU12L', 'left lip corner puller', 'lower face', 'left'],
  ['46R', 'AU46R', 'right wink', 'upper face', 'right'],
  ['99', 'AU99', 'action unit 99', null, null],
] as const)('%s is %s, %s', (key, code, name, region, side) => {
  expect(actionUnit(key)).toMatchObject({ key, code, name, region, side });
});

test.each(['', '0', '012', '12l', 'AU12', '123', '12LR', 'toString'])('%j is no key', (key) => {
  expect(() => actionUnit(key)).toThrow(RangeError);
});

test('titles of labels; other labels stay', () => {
  expect(['AU6', 'AU12R', 'happiness', 'AUtumn'].map(actionUnitTitle)).toEqual([
    'AU6 cheek raiser',
    'AU12R right lip corner puller',
    'happiness',
    'AUtumn',
  ]);
});

test('lists go down the face, then up the numbers, sides last', () => {
  const keys = ['99', '12R', '45', '12', '4', '12L', '9'];
  expect(
    keys
      .map(actionUnit)
      .sort(inFaceOrder)
      .map(({ key }) => key),
  ).toEqual(['4', '45', '9', '12', '12L', '12R', '99']);
});

test('active units: strongest first, one side only where there is no key for both', () => {
  expect(activeUnits(faceWithUnits(0).actionUnits)).toEqual([
    { key: '12', intensity: 3.25 },
    { key: '1', intensity: 1.5 },
  ]);
  expect(activeUnits({ '14L': unitReading(2), '6': unitReading(1, { intensity: null }) })).toEqual([
    { key: '14L', intensity: 2 },
    { key: '6', intensity: null },
  ]);
  expect(activeUnits({ '6': unitReading(3, { active: null }) })).toEqual([]);
  expect(activeUnits(null)).toEqual([]);
});
