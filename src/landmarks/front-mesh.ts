import type { MeshPoints } from '../domain/face.js';
import { type CanonicalFace, toCameraAxes } from '../faces/head-pose.js';
import { fitSimilarity } from '../faces/rotation-fit.js';

/** Turns meshes to the front. */
export type TurnToFront = (mesh: MeshPoints) => Float32Array;

/**
 * The mesh as if the head faced the camera: without the head's turn, place and size, in the canonical face's centimetres (x right,
 * y down, z away from the camera). What is left is the shape of the face and what it does.
 *
 * @param canonical - the face that ships with the mesh
 */
export function turnToFront(canonical: CanonicalFace): TurnToFront {
  const { vertices, weights } = toCameraAxes(canonical);
  return (mesh) => {
    const { rotation: r, scale, translation } = fitSimilarity(vertices, Float32Array.from(mesh), weights);
    const turned = new Float32Array(mesh.length);
    for (let at = 0; at < mesh.length; at += 3) {
      const [x, y, z] = [0, 1, 2].map((axis) => (mesh[at + axis]! - translation[axis]!) / scale) as [
        number,
        number,
        number,
      ];
      for (const axis of [0, 1, 2]) turned[at + axis] = r[axis]! * x + r[3 + axis]! * y + r[6 + axis]! * z;
    }
    return turned;
  };
}
