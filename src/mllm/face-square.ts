import type { Box, MeshPoints, Point } from '../domain/face.js';

/** A square of the frame, turned clockwise by `angle` radians (y points down). */
export interface TurnedSquare {
  readonly centre: Point;
  readonly sidePx: number;
  readonly angle: number;
}

/** Outer eye corners of FaceMesh: the subject's right and left. */
const EYE_CORNERS = [33, 263] as const;

/**
 * The square around a face whose eyes are level in it: turned by the line through the outer eye corners, as large as the
 * mesh in that direction, with `margin` of its side added on each side.
 */
export function uprightSquare(mesh: MeshPoints, margin: number): TurnedSquare {
  const [right, left] = EYE_CORNERS.map((vertex) => ({ x: mesh[vertex * 3]!, y: mesh[vertex * 3 + 1]! })) as [
    Point,
    Point,
  ];
  const angle = Math.atan2(left.y - right.y, left.x - right.x);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const range = {
    u: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    v: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  };
  for (let at = 0; at + 1 < mesh.length; at += 3) {
    const u = c * mesh[at]! + s * mesh[at + 1]!;
    const v = c * mesh[at + 1]! - s * mesh[at]!;
    range.u = [Math.min(range.u[0]!, u), Math.max(range.u[1]!, u)];
    range.v = [Math.min(range.v[0]!, v), Math.max(range.v[1]!, v)];
  }
  const u = (range.u[0]! + range.u[1]!) / 2;
  const v = (range.v[0]! + range.v[1]!) / 2;
  const side = Math.max(range.u[1]! - range.u[0]!, range.v[1]! - range.v[0]!) * (1 + 2 * margin);
  return { centre: { x: c * u - s * v, y: s * u + c * v }, sidePx: Math.max(2, side), angle };
}

/** A mesh in a square's own axes: x and y 0..1 from its left upper corner, z on the same scale. */
export function meshInSquare(mesh: MeshPoints, { centre, sidePx, angle }: TurnedSquare): MeshPoints {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const inside = new Float32Array(mesh.length);
  for (let at = 0; at + 2 < mesh.length; at += 3) {
    const [x, y] = [mesh[at]! - centre.x, mesh[at + 1]! - centre.y];
    inside[at] = (c * x + s * y) / sidePx + 0.5;
    inside[at + 1] = (c * y - s * x) / sidePx + 0.5;
    inside[at + 2] = mesh[at + 2]! / sidePx;
  }
  return inside;
}

/** A level square with shoulders and surroundings: three faces wide, the face in its upper half. */
export function contextSquare(box: Box<'frame'>): TurnedSquare {
  const face = Math.max(box.right - box.left, box.bottom - box.top);
  const centre = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 + 0.45 * face };
  return { centre, sidePx: Math.max(2, 3 * face), angle: 0 };
}
