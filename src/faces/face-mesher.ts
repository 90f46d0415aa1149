import { cropInputs } from '../domain/crop-inputs.js';
import { MESH_POINTS, type MeshPoints } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel } from '../domain/tensor.js';
import { probability } from '../domain/units.js';
import { cropMatrices, type RotatedSquare } from './crop-matrix.js';
import { meshToFrame } from './mesh-geometry.js';

/** What FaceMesh found in one crop. */
export interface MeshReading {
  readonly mesh: MeshPoints;
  readonly presence: number;
}

/** Faces in one run. Batches were no faster per face than single ones, and one long run keeps other lanes idle. */
const FACES_PER_RUN = 1;

/** Fits FaceMesh to all crops of a frame, shared among the lanes; one reading per crop, same order. */
export async function readMeshes(
  runModel: RunModel,
  frame: Frame,
  crops: readonly RotatedSquare[],
): Promise<MeshReading[]> {
  const groups: (readonly RotatedSquare[])[] = [];
  for (let start = 0; start < crops.length; start += FACES_PER_RUN)
    groups.push(crops.slice(start, start + FACES_PER_RUN));
  const readings = await Promise.all(groups.map((group) => readGroup(runModel, frame, group)));
  return readings.flat();
}

async function readGroup(runModel: RunModel, frame: Frame, crops: readonly RotatedSquare[]): Promise<MeshReading[]> {
  const outputs = await runModel('face-mesh', cropInputs(frame, cropMatrices(crops)));
  const landmarks = outputs.landmarks!.data as Float32Array;
  const presence = outputs.presence!.data as Float32Array;
  return crops.map((crop, index) => ({
    mesh: meshToFrame(landmarks, index * MESH_POINTS * 3, crop),
    presence: probability(1 / (1 + Math.exp(-presence[index]!))),
  }));
}
