import { describe, expect, it } from 'vitest';
import {
  addArea,
  moveCorner,
  removeArea,
  removeCorner,
  renameArea,
  splitSide,
} from '../../../dashboards/web/src/model/area-drawing.js';
import { areasProblem, NO_AREAS } from '../../../src/domain/areas.js';

const at = { kind: 'zones', index: 0 } as const;
const ONE = addArea(NO_AREAS, 'zones');

describe('drawing areas', () => {
  it('begins with a rectangle under the first free name', () => {
    const two = addArea(ONE, 'zones');
    expect(two.zones.map(({ name }) => name)).toEqual(['zone 1', 'zone 2']);
    expect(addArea(removeArea(two, at), 'zones').zones.map(({ name }) => name)).toEqual(['zone 2', 'zone 1']);
    expect(areasProblem(two.zones)).toBeNull();
    expect(two.masks).toEqual([]);
  });

  it('keeps corners inside of the picture', () => {
    expect(moveCorner(ONE, at, 0, [-0.2, 1.7]).zones[0]!.points[0]).toEqual([0, 1]);
  });

  it('adds a corner half-way, up to the most, and takes away down to the least', () => {
    const five = splitSide(ONE, at, 3, 64);
    expect(five.zones[0]!.points[4]![1]).toBeCloseTo(0.225);
    expect(splitSide(five, at, 0, 5)).toEqual(five);
    const three = removeCorner(removeCorner(five, at, 4, 3), at, 0, 3);
    expect(three.zones[0]!.points).toHaveLength(3);
    expect(removeCorner(three, at, 0, 3)).toEqual(three);
  });

  it('renames one of them', () => {
    expect(renameArea(ONE, at, 'till').zones[0]!.name).toBe('till');
  });
});
