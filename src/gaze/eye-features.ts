import type { MeshedFace, Point } from '../domain/face.js';
import { type EyePoints, INNER_CORNER } from './eye-points.js';

/** FaceMesh vertices of the eyes' outer corners. */
const OUTER_CORNERS = { right: 33, left: 263 } as const;

/**
 * What one eye's direction is read from, in eye distances, of a face made level; a left eye is mirrored, so that x is
 * always towards the nose.
 */
export interface EyeFeatures {
  /** From the middle between the eye's corners to the lids' edges, in the order of EyePoints, and to the iris. */
  readonly points: readonly Point[];
  /** Where the face points: the sine of its turn towards the side of x, and down. */
  readonly turn: number;
  readonly nod: number;
  /** Opening of the lids (EyeOpenness). */
  readonly opening: number;
  /** What our network makes of the eye's picture (EyePoints). */
  readonly look: readonly number[];
}

/** How a face is made level: the angle of the line through its eyes, radians clockwise. */
export function leanOf({ mesh }: MeshedFace): number {
  const [a, b] = [OUTER_CORNERS.right * 3, OUTER_CORNERS.left * 3];
  return Math.atan2(mesh[b + 1]! - mesh[a + 1]!, mesh[b]! - mesh[a]!);
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

export function eyeFeatures(face: MeshedFace, side: 'right' | 'left', seen: EyePoints): EyeFeatures {
  const { pose } = face;
  const { interocularPx } = face.quality;
  const angle = leanOf(face);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const mirror = side === 'left' ? -1 : 1;
  const origin = middle(seen.outline[0]!, seen.outline[INNER_CORNER]!);
  const level = (point: Point): Point => {
    const [dx, dy] = [(point.x - origin.x) / interocularPx, (point.y - origin.y) / interocularPx];
    return { x: mirror * (c * dx + s * dy), y: -s * dx + c * dy };
  };
  const forward = { x: -Math.sin(pose.yaw) * Math.cos(pose.pitch), y: -Math.sin(pose.pitch) };
  return {
    points: [...seen.outline, seen.iris].map(level),
    turn: mirror * (c * forward.x + s * forward.y),
    nod: -s * forward.x + c * forward.y,
    opening: side === 'right' ? face.eyes.right : face.eyes.left,
    look: seen.look,
  };
}
