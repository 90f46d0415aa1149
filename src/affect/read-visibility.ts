import { type AlignmentTargets, type AlignmentTemplate, writeAlignment } from '../domain/alignment.js';
import { cropInputs, MATRIX_VALUES } from '../domain/crop-inputs.js';
import { AffectError } from '../domain/errors.js';
import { type FrameFaces, hasMesh, type MeshPoints } from '../domain/face.js';
import { FACE_PARTS } from '../domain/face-parts.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel } from '../domain/tensor.js';

/** How much of each part is seen, 0..1, in the order of FACE_PARTS; by track id. */
export type Visibilities = ReadonlyMap<number, readonly number[]>;

export interface VisibilityOptions {
  readonly runModel: RunModel;
  readonly modelId: string;
  readonly alignment: AlignmentTemplate;
  /** The three alignment points of a face mesh, frame pixels. */
  readonly alignmentPoints: (mesh: MeshPoints) => AlignmentTargets;
}

/**
 * Visibility of the parts of the readable faces of a frame that are due, in one run. Throws MODEL_INVALID when the model gives another
 * number of values than there are parts.
 */
export async function readVisibility(
  frame: Frame,
  located: FrameFaces,
  options: VisibilityOptions,
): Promise<Visibilities> {
  const { due } = located;
  const faces = located.faces
    .filter(hasMesh)
    .filter(({ validity, trackId }) => validity === 'ok' && (!due || due.cover.has(trackId)));
  if (faces.length === 0) return new Map();
  const { runModel, modelId, alignment, alignmentPoints } = options;
  const matrices = new Float32Array(faces.length * MATRIX_VALUES);
  for (const [index, { mesh }] of faces.entries())
    writeAlignment(matrices, index * MATRIX_VALUES, alignment, alignmentPoints(mesh));
  const { visibility } = await runModel(modelId, cropInputs(frame, matrices));
  const parts = FACE_PARTS.length;
  if (visibility?.dtype !== 'float32' || visibility.data.length !== faces.length * parts)
    throw new AffectError(
      'MODEL_INVALID',
      `model ${modelId} does not give ${parts} values of visibility a face; install mien-faces again`,
    );
  const { data } = visibility;
  return new Map(
    faces.map(({ trackId }, index) => [trackId, Array.from(data.subarray(index * parts, (index + 1) * parts))]),
  );
}
