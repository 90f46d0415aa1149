import type { Area, Areas, Corner } from '../../../../src/domain/areas.js';

export type AreaKind = keyof Areas;

/** An area that is being drawn: of which kind, and which of its list. */
export interface AreaAt {
  readonly kind: AreaKind;
  readonly index: number;
}

const inside = (share: number): number => Math.min(1, Math.max(0, share));

const changed = (areas: Areas, { kind, index }: AreaAt, change: (area: Area) => Area): Areas => ({
  ...areas,
  [kind]: areas[kind].map((area, at) => (at === index ? change(area) : area)),
});

/** A new area, under the first free name. */
export function addArea(areas: Areas, kind: AreaKind): Areas {
  const word = kind === 'masks' ? 'mask' : 'zone';
  const names = new Set(areas[kind].map(({ name }) => name));
  let number = 1;
  while (names.has(`${word} ${number}`)) number++;
  // Not on top of the one before: its corners could not be taken hold of.
  const from = 0.1 + 0.07 * ((areas.masks.length + areas.zones.length) % 8);
  const to = from + 0.25;
  const points: Corner[] = [
    [from, from],
    [to, from],
    [to, to],
    [from, to],
  ];
  return { ...areas, [kind]: [...areas[kind], { name: `${word} ${number}`, points }] };
}

export const removeArea = (areas: Areas, { kind, index }: AreaAt): Areas => ({
  ...areas,
  [kind]: areas[kind].filter((_, at) => at !== index),
});

export const renameArea = (areas: Areas, at: AreaAt, name: string): Areas =>
  changed(areas, at, (area) => ({ ...area, name }));

/** A corner elsewhere, never outside of the picture. */
export const moveCorner = (areas: Areas, at: AreaAt, corner: number, [x, y]: Corner): Areas =>
  changed(areas, at, ({ name, points }) => ({
    name,
    points: points.map((point, index): Corner => (index === corner ? [inside(x), inside(y)] : point)),
  }));

/** One corner more, half-way to the next; none beyond `most`. */
export const splitSide = (areas: Areas, at: AreaAt, corner: number, most: number): Areas =>
  changed(areas, at, (area) => {
    const { name, points } = area;
    const [from, to] = [points[corner]!, points[(corner + 1) % points.length]!];
    if (points.length >= most) return area;
    const middle: Corner = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return { name, points: [...points.slice(0, corner + 1), middle, ...points.slice(corner + 1)] };
  });

/** One corner less; an area keeps `least`. */
export const removeCorner = (areas: Areas, at: AreaAt, corner: number, least: number): Areas =>
  changed(areas, at, (area) => {
    const { name, points } = area;
    return points.length <= least ? area : { name, points: points.filter((_, index) => index !== corner) };
  });
