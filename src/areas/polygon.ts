import type { Area, Areas, Corner } from '../domain/areas.js';
import type { Turn } from '../domain/frame.js';

/**
 * Pure: whether a point lies in a polygon, by winding number: what a line that crosses itself encloses twice is inside,
 * as a person who draws it would say.
 */
export function isInside(points: readonly Corner[], [x, y]: Corner): boolean {
  let winding = 0;
  for (const [[fromX, fromY], [toX, toY]] of edgesOf(points)) {
    const side = (toX - fromX) * (y - fromY) - (x - fromX) * (toY - fromY);
    if (fromY <= y && toY > y && side > 0) winding++;
    if (fromY > y && toY <= y && side < 0) winding--;
  }
  return winding !== 0;
}

/** The sides of a polygon, each from a corner to the next. */
export function edgesOf(points: readonly Corner[]): readonly (readonly [from: Corner, to: Corner])[] {
  return points.map((from, index) => [from, points[(index + 1) % points.length]!] as const);
}

const TURNED: Readonly<Record<Turn, (corner: Corner) => Corner>> = {
  0: (corner) => corner,
  90: ([x, y]) => [1 - y, x],
  180: ([x, y]) => [1 - x, 1 - y],
  270: ([x, y]) => [y, 1 - x],
};

const turnArea =
  (turn: Turn) =>
  ({ name, points }: Area): Area => ({ name, points: points.map(TURNED[turn]) });

/** Pure: the areas where they lie in a picture that was turned clockwise. */
export function turnAreas({ masks, zones }: Areas, turn: Turn): Areas {
  return { masks: masks.map(turnArea(turn)), zones: zones.map(turnArea(turn)) };
}
