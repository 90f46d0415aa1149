import type { MeshPoints } from '../domain/face.js';

/** FaceMesh vertices at the outer corners of the eyes, and at the chin and the forehead's middle. */
const RIGHT_CORNER = 33;
const LEFT_CORNER = 263;

/** Width and height of what the eye network looks at, pixels of its input (models/convert/eye-graph.ts). */
const STRIP_PX = { width: 160, height: 96 } as const;
/** Its scale: a mesh whose longer side, seen level with the eyes, is this many pixels (a crop of 192 that reaches 1.5 times as far). */
const FACE_PX = 128;

/**
 * Writes the 2×3 matrix that maps strip unit coordinates to frame pixels: a strip level with the eyes, midway between
 * their outer corners, at the scale the eye network knows.
 */
export function writeStrip(target: Float32Array, offset: number, mesh: MeshPoints): void {
  const [x0, y0] = [mesh[RIGHT_CORNER * 3]!, mesh[RIGHT_CORNER * 3 + 1]!];
  const [x1, y1] = [mesh[LEFT_CORNER * 3]!, mesh[LEFT_CORNER * 3 + 1]!];
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [lowU, highU, lowV, highV] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < mesh.length; at += 3) {
    const u = cos * mesh[at]! + sin * mesh[at + 1]!;
    const v = -sin * mesh[at]! + cos * mesh[at + 1]!;
    if (u < lowU) lowU = u;
    if (u > highU) highU = u;
    if (v < lowV) lowV = v;
    if (v > highV) highV = v;
  }
  const scale = Math.max(highU - lowU, highV - lowV) / FACE_PX;
  const [width, height] = [STRIP_PX.width * scale, STRIP_PX.height * scale];
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  target[offset] = cos * width;
  target[offset + 1] = -sin * height;
  target[offset + 2] = x - (cos * width - sin * height) / 2;
  target[offset + 3] = sin * width;
  target[offset + 4] = cos * height;
  target[offset + 5] = y - (sin * width + cos * height) / 2;
}

/** Writes a mesh into a strip's unit coordinates; z, which the eye network leaves aside, stays 0. */
export function writeStripMesh(
  target: Float32Array,
  offset: number,
  matrix: ArrayLike<number>,
  mesh: MeshPoints,
): void {
  const [a, b, c] = [matrix[0]!, matrix[1]!, matrix[2]!];
  const [d, e, f] = [matrix[3]!, matrix[4]!, matrix[5]!];
  const determinant = a * e - b * d;
  for (let at = 0; at < mesh.length; at += 3) {
    const dx = mesh[at]! - c;
    const dy = mesh[at + 1]! - f;
    target[offset + at] = (e * dx - b * dy) / determinant;
    target[offset + at + 1] = (a * dy - d * dx) / determinant;
  }
}
