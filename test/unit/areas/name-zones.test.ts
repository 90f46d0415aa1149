import { expect, it } from 'vitest';
import { nameZones } from '../../../src/areas/name-zones.js';
import type { Area } from '../../../src/domain/areas.js';
import { emptyFrame, faceRecord } from '../../support/record-builders.js';

const LEFT: Area = {
  name: 'left',
  points: [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ],
};
const TOP: Area = {
  name: 'top',
  points: [
    [0, 0],
    [1, 0],
    [1, 0.5],
    [0, 0.5],
  ],
};
const SIZE = { widthPx: 1000, heightPx: 500 };
const face = (left: number, top: number) =>
  faceRecord(0, { box: { space: 'frame', left, top, right: left + 100, bottom: top + 100 } });
const zonesOf = (left: number, top: number) => nameZones([face(left, top)], [LEFT, TOP], SIZE)[0]!.zones;

it('names the zones that the centre of a face lies in, in their order', () => {
  expect(zonesOf(100, 50)).toEqual(['left', 'top']);
  expect(zonesOf(100, 350)).toEqual(['left']);
  expect(zonesOf(800, 350)).toEqual([]);
  expect(zonesOf(440, 350)).toEqual(['left']);
});

it('leaves records as they are without zones, and those without a face', () => {
  const records = [face(0, 0)];
  expect(nameZones(records, [], SIZE)).toBe(records);
  expect(nameZones([emptyFrame(0)], [LEFT], SIZE)[0]).not.toHaveProperty('zones');
});
