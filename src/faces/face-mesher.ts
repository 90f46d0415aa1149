import { MESH_POINTS, type MeshPoints } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { cropInputs } from '../domain/luma-band.js';
import type { RunModel } from '../domain/tensor.js';
import { probability } from '../domain/units.js';
import { cropMatrices, type RotatedSquare } from './crop-matrix.js';
import { meshToFrame } from './mesh-geometry.js';

/** What FaceMesh found in one crop. */
export interface MeshReading {
  readonly mesh: MeshPoints;
  readonly presence: number;
}

/** Runs FaceMesh on all crops of a frame at once; one reading per crop, same order. */
export async function readMeshes(
  runModel: RunModel,
  frame: Frame,
  crops: readonly RotatedSquare[],
): Promise<MeshReading[]> {
  if (crops.length === 0) return [];
  const outputs = await runModel('face-mesh', cropInputs(frame, cropMatrices(crops)));
  const landmarks = outputs.landmarks!.data as Float32Array;
  const presence = outputs.presence!.data as Float32Array;
  return crops.map((crop, index) => ({
    mesh: meshToFrame(landmarks, index * MESH_POINTS * 3, crop),
    presence: probability(1 / (1 + Math.exp(-presence[index]!))),
  }));
}
