import type { MeshedFace } from '../domain/face.js';

/** FaceMesh vertices. Upper and lower edge of the inner lips, in pairs, and the corners of the mouth. */
const INNER_LIPS = [
  [82, 87],
  [13, 14],
  [312, 317],
] as const;
const CORNERS = [61, 291] as const;

/** How a mouth stands, in eye distances. Lengths are of the mesh in three dimensions: turning the head changes them little. */
export interface MouthShape {
  /** Between the lips, at the middle and a little to both sides. */
  readonly gap: number;
  /** Between the corners. */
  readonly width: number;
}

/** The mouth of a face that the mesh lies on. */
export function mouthOf({ mesh, quality }: Pick<MeshedFace, 'mesh' | 'quality'>): MouthShape {
  const distance = (a: number, b: number): number =>
    Math.hypot(...[0, 1, 2].map((axis) => mesh[3 * a + axis]! - mesh[3 * b + axis]!));
  const gaps = INNER_LIPS.map(([upper, lower]) => distance(upper, lower));
  const eyes = Math.max(quality.interocularPx, 1);
  return { gap: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length / eyes, width: distance(...CORNERS) / eyes };
}
