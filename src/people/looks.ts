import { type Appearance, appearanceDistance } from '../faces/appearance.js';

/** Share of the pairs that are more alike than what counts: a few blinks and turns do not make two people of one. */
const QUANTILE = 0.1;

/** How unlike the faces of two tracks are, about 0 to 1.4; null where one has no appearance. */
export function looksApart(a: readonly Appearance[], b: readonly Appearance[]): number | null {
  if (a.length === 0 || b.length === 0) return null;
  const apart = a.flatMap((one) => b.map((other) => appearanceDistance(one, other).skin)).sort((x, y) => x - y);
  return apart[Math.floor(QUANTILE * (apart.length - 1))]!;
}
