import type { Scale } from './scales.js';

/** Path through values that are there; `null` breaks it. */
export function pathThrough(values: readonly (number | null)[], x: Scale, y: Scale): string {
  let path = '';
  let drawing = false;
  for (const [at, value] of values.entries()) {
    if (value !== null) path += `${drawing ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    drawing = value !== null;
  }
  return path;
}

/** Areas between two rows of values, one for each stretch that has both. */
export function bandBetween(
  low: readonly (number | null)[],
  high: readonly (number | null)[],
  x: Scale,
  y: Scale,
): string {
  let path = '';
  for (let at = 0; at < low.length; at++) {
    const first = at;
    while (at < low.length && low[at] !== null && high[at] !== null) at++;
    if (at === first) continue;
    const cells = Array.from({ length: at - first }, (_, n) => first + n);
    const corner = (cell: number, value: number): string => `${x(cell).toFixed(1)} ${y(value).toFixed(1)}`;
    const upper = cells.map((cell) => corner(cell, high[cell]!));
    const lower = [...cells].reverse().map((cell) => corner(cell, low[cell]!));
    path += `M${[...upper, ...lower].join('L')}Z`;
  }
  return path;
}

/** Heights of points of one row, so that none covers another: as near to the middle as there is room. */
export function spreadOut(
  places: readonly number[],
  { room, radius }: { readonly room: number; readonly radius: number },
): readonly number[] {
  const step = radius * 0.9;
  const heights: number[] = [];
  for (const [at, x] of places.entries()) {
    const near = heights.flatMap((height, other) => (Math.abs(places[other]! - x) < radius * 1.8 ? [height] : []));
    let height = 0;
    for (let tries = 1; near.some((taken) => Math.abs(taken - height) < step) && tries < 24; tries++) {
      height = (tries % 2 === 0 ? 1 : -1) * Math.ceil(tries / 2) * step;
    }
    heights[at] = Math.max(-room, Math.min(room, height));
  }
  return heights;
}
