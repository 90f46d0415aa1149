import type { MeshPoints } from './face.js';

/**
 * Writes a face mesh into the crop that an alignment cuts out: x and y in crop unit coordinates (0..1 across the crop,
 * x right, y down, beyond for points outside), z by the same scale. The matrix must be a similarity without reflection,
 * as writeAlignment() makes it: [c, -s, tx, s, c, ty], crop unit coordinates to frame pixels.
 *
 * @param target - float32 [face, points, 3]; `offset` is where this face's values begin
 * @param matrix - the six values of this face's crop matrix
 * @param mesh - x, y, z in frame pixels, interleaved
 */
export function writeAlignedMesh(
  target: Float32Array,
  offset: number,
  matrix: ArrayLike<number>,
  mesh: MeshPoints,
): void {
  const [c, s] = [matrix[0]!, matrix[3]!];
  const [left, top] = [matrix[2]!, matrix[5]!];
  const squared = c * c + s * s;
  const scale = Math.sqrt(squared);
  for (let at = 0; at < mesh.length; at += 3) {
    const dx = mesh[at]! - left;
    const dy = mesh[at + 1]! - top;
    target[offset + at] = (c * dx + s * dy) / squared;
    target[offset + at + 1] = (c * dy - s * dx) / squared;
    target[offset + at + 2] = mesh[at + 2]! / scale;
  }
}
