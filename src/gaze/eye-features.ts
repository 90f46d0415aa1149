import type { MeshedFace, Point } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { cutPatch } from './eye-patch.js';
import { type EyePoints, INNER_CORNER, LOWER_LID, UPPER_LID } from './eye-points.js';
import { findIris } from './find-iris.js';

/** FaceMesh vertices of the eyes' corners, outer and inner. */
const CORNERS = { right: [33, 133], left: [263, 362] } as const;

/**
 * What one eye's direction is read from, in eye distances, of a face made level; a left eye is mirrored, so that x is
 * always towards the nose.
 */
export interface EyeFeatures {
  /** From the middle between the eye's corners to the iris. */
  readonly x: number;
  readonly y: number;
  /** From the middle between the corners as the mesh has them to where the eye network has it. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** The same of the iris as the network sees it. */
  readonly seenX: number;
  readonly seenY: number;
  /** From the iris to the outer corner, the lower lid's middle, the inner corner, the upper lid's middle. */
  readonly lids: readonly [outer: Point, lower: Point, inner: Point, upper: Point];
  /** Where the face points: the sine of its turn towards the side of x, and down. */
  readonly turn: number;
  readonly nod: number;
  /** Opening of the lids (EyeOpenness). */
  readonly opening: number;
  /** How clearly the iris stands out (find-iris.ts). */
  readonly contrast: number;
  /** How far the iris is from where the network sees it. */
  readonly moved: number;
}

/** How a face is made level: the angle of the line through its eyes, radians clockwise. */
export function leanOf({ mesh }: MeshedFace): number {
  const [a, b] = [CORNERS.right[0] * 3, CORNERS.left[0] * 3];
  return Math.atan2(mesh[b + 1]! - mesh[a + 1]!, mesh[b]! - mesh[a]!);
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

export function eyeFeatures(frame: Frame, face: MeshedFace, side: 'right' | 'left', seen: EyePoints): EyeFeatures {
  const { mesh, pose } = face;
  const { interocularPx } = face.quality;
  const angle = leanOf(face);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const mirror = side === 'left' ? -1 : 1;
  const corner = (vertex: number): Point => ({ x: mesh[vertex * 3]!, y: mesh[vertex * 3 + 1]! });
  const known = middle(corner(CORNERS[side][0]), corner(CORNERS[side][1]));
  const refined = middle(seen.outline[0]!, seen.outline[INNER_CORNER]!);
  const { centre, contrast } = findIris(cutPatch(frame, refined, { angle, interocularPx }), seen.outline, seen.iris);
  /** From a to b. */
  const level = (a: Point, b: Point): Point => {
    const [dx, dy] = [(b.x - a.x) / interocularPx, (b.y - a.y) / interocularPx];
    return { x: mirror * (c * dx + s * dy), y: -s * dx + c * dy };
  };
  const { x, y } = level(refined, centre);
  const { x: seenX, y: seenY } = level(refined, seen.iris);
  const lid = (point: number): Point => level(centre, seen.outline[point]!);
  const { x: shiftX, y: shiftY } = level(known, refined);
  const forward = { x: -Math.sin(pose.yaw) * Math.cos(pose.pitch), y: -Math.sin(pose.pitch) };
  return {
    x,
    y,
    shiftX,
    shiftY,
    seenX,
    seenY,
    lids: [lid(0), lid(LOWER_LID), lid(INNER_CORNER), lid(UPPER_LID)],
    turn: mirror * (c * forward.x + s * forward.y),
    nod: -s * forward.x + c * forward.y,
    opening: side === 'right' ? face.eyes.right : face.eyes.left,
    contrast,
    moved: Math.hypot(centre.x - seen.iris.x, centre.y - seen.iris.y) / interocularPx,
  };
}
