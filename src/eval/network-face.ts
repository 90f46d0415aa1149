import { MESH_POINTS } from '../domain/face.js';
import type { CanonicalFace } from '../faces/head-pose.js';
import { type GrayImage, mirrored } from './gray-image.js';

/** A face as the affect network takes it. */
export interface NetworkFace {
  readonly crop: GrayImage;
  /** [468, 3] in crop unit coordinates, as writeAlignedMesh() makes it; null where no mesh is known, which the network then reads without. */
  readonly mesh: Float32Array | null;
}

/** Number of each vertex's mirror image, from the canonical face, which is the same on both sides. */
export function meshTwins({ vertices }: CanonicalFace): readonly number[] {
  return Array.from({ length: MESH_POINTS }, (_, point) => {
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < MESH_POINTS; other++) {
      const dx = vertices[other * 3]! + vertices[point * 3]!;
      const dy = vertices[other * 3 + 1]! - vertices[point * 3 + 1]!;
      const dz = vertices[other * 3 + 2]! - vertices[point * 3 + 2]!;
      const distance = dx * dx + dy * dy + dz * dz;
      if (distance < least) [nearest, least] = [other, distance];
    }
    return nearest;
  });
}

/** The face in a mirror: left and right of crop and mesh change places. */
export function mirroredFace({ crop, mesh }: NetworkFace, twins: readonly number[]): NetworkFace {
  const flipped = mesh && Float32Array.from(mesh, (_, at) => mesh[twins[Math.floor(at / 3)]! * 3 + (at % 3)]!);
  if (flipped) for (let at = 0; at < flipped.length; at += 3) flipped[at] = 1 - flipped[at]!;
  return { crop: mirrored(crop), mesh: flipped };
}
