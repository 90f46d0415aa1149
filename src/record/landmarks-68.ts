import type { MeshPoints } from '../domain/face.js';

/**
 * FaceMesh vertices nearest to the 68 iBUG points (Sagonas et al. 2013), in iBUG order: jaw 17, right brow 5, left
 * brow 5, nose bridge 4, nostrils 5, right eye 6, left eye 6, outer lips 12, inner lips 8; right is the subject's.
 */
export const IBUG_68: readonly number[] = [
  162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389, 70, 63, 105, 66, 107, 336, 296,
  334, 293, 300, 168, 197, 5, 4, 75, 97, 2, 326, 305, 33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380, 61, 39,
  37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87,
];

/** One coordinate (0 x, 1 y, 2 z) of the 68 points, frame pixels. */
export function ibugAxis(mesh: MeshPoints, axis: 0 | 1 | 2): number[] {
  return IBUG_68.map((vertex) => mesh[vertex * 3 + axis]!);
}
