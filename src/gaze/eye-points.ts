import { cropInputs, MATRIX_VALUES } from '../domain/crop-inputs.js';
import { AffectError } from '../domain/errors.js';
import { MESH_POINTS, type MeshPoints, type Point } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel, Tensor } from '../domain/tensor.js';
import { writeStrip, writeStripMesh } from './eye-strip.js';

/** What the eye network sees of one eye, frame pixels. */
export interface EyePoints {
  /** Centre of the iris. */
  readonly iris: Point;
  /** The opening between the lids, once around; the outer corner comes first, then the lower lid, INNER_CORNER and the upper lid. */
  readonly outline: readonly Point[];
  /** What our own network makes of the picture of the eye (models/eye-mesh/looks.onnx). */
  readonly look: readonly number[];
}

/** Both eyes, the subject's right and left. */
export interface EyePair {
  readonly right: EyePoints;
  readonly left: EyePoints;
}

export const EYE_MODEL = 'eye-mesh';
const IRIS_POINTS = 5;
const CONTOUR_POINTS = 71;
/** The first 16 points of a contour are the lids' edges: the lower one from the outer corner to the inner, the upper one between. */
const OUTLINE = [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 14, 13, 12, 11, 10, 9] as const;
export const INNER_CORNER = 8;
const LOOK_VALUES = 48;

/** Runs the eye network on the eyes of one face. Throws MODEL_INVALID when an output is missing or has another size. */
export async function readEyePoints(runModel: RunModel, frame: Frame, mesh: MeshPoints): Promise<EyePair> {
  const matrix = new Float32Array(MATRIX_VALUES);
  writeStrip(matrix, 0, mesh);
  const landmarks = new Float32Array(MESH_POINTS * 3);
  writeStripMesh(landmarks, 0, matrix, mesh);
  const outputs = await runModel(EYE_MODEL, {
    ...cropInputs(frame, matrix),
    landmarks: { dtype: 'float32', shape: [1, MESH_POINTS, 3], data: landmarks },
  });
  const irises = valuesOf(outputs.irises, 'irises', IRIS_POINTS * 2);
  const contours = valuesOf(outputs.eyes, 'eyes', CONTOUR_POINTS * 2);
  const looks = valuesOf(outputs.looks, 'looks', LOOK_VALUES);
  const at = (points: Float32Array, index: number): Point => {
    const [u, v] = [points[index * 2]!, points[index * 2 + 1]!];
    return { x: matrix[0]! * u + matrix[1]! * v + matrix[2]!, y: matrix[3]! * u + matrix[4]! * v + matrix[5]! };
  };
  const eye = (index: number): EyePoints => ({
    iris: at(irises, index * IRIS_POINTS),
    outline: OUTLINE.map((point) => at(contours, index * CONTOUR_POINTS + point)),
    look: [...looks.subarray(index * LOOK_VALUES, (index + 1) * LOOK_VALUES)],
  });
  return { right: eye(0), left: eye(1) };
}

/** Values of both eyes, so many each. */
function valuesOf(tensor: Tensor | undefined, name: string, values: number): Float32Array {
  const expected = 2 * values;
  if (tensor?.dtype === 'float32' && tensor.data.length === expected) return tensor.data;
  const found = tensor ? `${tensor.data.length} ${tensor.dtype} values` : 'nothing';
  throw new AffectError('MODEL_INVALID', `model ${EYE_MODEL} gives ${found} as ${name}, expected ${expected}`);
}
