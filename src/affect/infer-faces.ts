import { EMOTIONS } from '../domain/affect.js';
import { cropInputs, MATRIX_VALUES } from '../domain/crop-inputs.js';
import { AffectError } from '../domain/errors.js';
import { MESH_POINTS } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel, Tensor } from '../domain/tensor.js';

/** Values of one face's mesh. */
export const MESH_VALUES = MESH_POINTS * 3;

/** Faces in one run: a long batch would hold one lane while the others wait. */
const FACES_PER_RUN = 2;

export interface InferenceOptions {
  readonly runModel: RunModel;
  readonly modelId: string;
  /** Number of action units that the model reads; 0 for none. */
  readonly actionUnits: number;
}

/** What the model says of all faces of a frame; rows in the order of the faces. */
export interface FaceOutputs {
  /** [faces, 8] */
  readonly emotionLogits: Float32Array;
  /** [faces] */
  readonly sharpness: Float32Array;
  /** [faces, actionUnits] */
  readonly presenceLogits: Float32Array;
  /** [faces, actionUnits] */
  readonly intensities: Float32Array;
}

/**
 * Runs the affect model over all crops of a frame in groups that the lanes share.
 * Throws MODEL_INVALID when an output is missing or has another size than the manifest says.
 *
 * @param matrices - crop matrices, six values a face
 * @param landmarks - aligned meshes, MESH_VALUES a face; null for a model that takes none
 */
export async function inferFaces(
  frame: Frame,
  crops: { readonly matrices: Float32Array; readonly landmarks: Float32Array | null },
  options: InferenceOptions,
): Promise<FaceOutputs> {
  const { matrices, landmarks } = crops;
  const { runModel, modelId, actionUnits } = options;
  const faces = matrices.length / MATRIX_VALUES;
  const outputs: FaceOutputs = {
    emotionLogits: new Float32Array(faces * EMOTIONS.length),
    sharpness: new Float32Array(faces),
    presenceLogits: new Float32Array(faces * actionUnits),
    intensities: new Float32Array(faces * actionUnits),
  };
  const starts = Array.from({ length: Math.ceil(faces / FACES_PER_RUN) }, (_, group) => group * FACES_PER_RUN);
  await Promise.all(
    starts.map(async (start) => {
      const end = Math.min(faces, start + FACES_PER_RUN);
      const inputs: Record<string, Tensor> = cropInputs(
        frame,
        matrices.subarray(start * MATRIX_VALUES, end * MATRIX_VALUES),
      );
      if (landmarks) {
        // A copy: posting a view to a lane would copy the meshes of all faces.
        const data = landmarks.slice(start * MESH_VALUES, end * MESH_VALUES);
        inputs.landmarks = { dtype: 'float32', shape: [end - start, MESH_POINTS, 3], data };
      }
      const results = await runModel(modelId, inputs);
      const take = (target: Float32Array, name: string): void => {
        const width = target.length / faces;
        target.set(checked(results[name], { modelId, name, length: (end - start) * width }), start * width);
      };
      take(outputs.emotionLogits, 'emotion_logits');
      take(outputs.sharpness, 'sharpness');
      if (actionUnits === 0) return;
      take(outputs.presenceLogits, 'au_presence');
      take(outputs.intensities, 'au_intensity');
    }),
  );
  return outputs;
}

function checked(
  tensor: Tensor | undefined,
  expected: { readonly modelId: string; readonly name: string; readonly length: number },
): Float32Array {
  const { modelId, name, length } = expected;
  if (tensor?.dtype === 'float32' && tensor.data.length === length) return tensor.data;
  const found = tensor ? `${tensor.data.length} ${tensor.dtype} values` : 'nothing';
  throw new AffectError(
    'MODEL_INVALID',
    `model ${modelId} gives ${found} as ${name}, its manifest says ${length}; correct labels in models/${modelId}/manifest.json`,
  );
}
