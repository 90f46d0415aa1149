import { assumedFocalPx } from '../domain/camera.js';
import type { HeadPose, MeshPoints } from '../domain/face.js';
import { radians } from '../domain/units.js';
import { fitSimilarity } from './rotation-fit.js';

/** The canonical face that ships with FaceMesh: vertices in centimetres, and how much each counts for the pose. */
export interface CanonicalFace {
  /** [468, 3], x to the subject's left, y up, z towards the camera. */
  readonly vertices: Float32Array;
  /** [468], 0 for vertices that move with expressions. */
  readonly weights: Float32Array;
}

/** The canonical face in camera axes (x right, y down, z away from the camera), ready for `headPose`. */
export function toCameraAxes(face: CanonicalFace): CanonicalFace {
  const vertices = Float32Array.from(face.vertices, (value, index) => (index % 3 === 0 ? value : -value));
  return { vertices, weights: face.weights };
}

/**
 * Head pose from the mesh: weighted similarity fit of the canonical face (weak perspective, as the mesh's z is),
 * with distance from the fitted scale and an assumed focal length.
 * Rotation is relative to the line of sight to the face, so a face looking at the camera reads 0 anywhere in the frame.
 */
export function headPose(
  mesh: MeshPoints,
  canonical: CanonicalFace,
  frame: { widthPx: number; heightPx: number },
): HeadPose {
  const fit = fitSimilarity(canonical.vertices, mesh, canonical.weights);
  const r = fit.rotation;
  const focalPx = assumedFocalPx(frame);
  // scale is pixels per centimetre
  const zMm = (10 * focalPx) / fit.scale;
  return {
    yaw: radians(Math.atan2(r[2]!, r[8]!)),
    pitch: radians(Math.asin(Math.max(-1, Math.min(1, r[5]!)))),
    roll: radians(Math.atan2(r[3]!, r[4]!)),
    translationMm: {
      x: ((fit.translation[0] - frame.widthPx / 2) / focalPx) * zMm,
      y: ((fit.translation[1] - frame.heightPx / 2) / focalPx) * zMm,
      z: zMm,
    },
  };
}
