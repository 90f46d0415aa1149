import { type ActionUnitEvidence, type AffectEvidence, EMOTIONS } from '../domain/affect.js';
import { writeAlignedMesh } from '../domain/aligned-mesh.js';
import { type AlignmentTargets, type AlignmentTemplate, writeAlignment } from '../domain/alignment.js';
import { MATRIX_VALUES } from '../domain/crop-inputs.js';
import {
  type FrameFaces,
  hasMesh,
  type MeshedFace,
  type MeshPoints,
  type TrackedFace,
  type Validity,
} from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel } from '../domain/tensor.js';
import { probability } from '../domain/units.js';
import { type FaceOutputs, inferFaces, MESH_VALUES } from './infer-faces.js';

export interface AffectOptions {
  readonly runModel: RunModel;
  readonly modelId: string;
  /** Emotion names in the order of the model's output. */
  readonly labels: readonly string[];
  /** Action units in the order of the model's outputs ("1", "12", "12L"); empty when it reads none. */
  readonly actionUnits: readonly string[];
  /** Whether the model takes the aligned face mesh beside the crop. */
  readonly takesLandmarks: boolean;
  readonly alignment: AlignmentTemplate;
  /** The three alignment points of a face mesh, frame pixels. */
  readonly alignmentPoints: (mesh: MeshPoints) => AlignmentTargets;
  /** Judges a face again once its sharpness is known. */
  readonly judge: (face: Pick<MeshedFace, 'quality' | 'pose'>) => Validity;
}

/** Faces of one frame with sharpness and final validity, and affect evidence for those that are valid and due. */
export interface FrameReading {
  readonly faces: FrameFaces;
  readonly evidence: readonly AffectEvidence[];
}

/** FACS degree E. */
const MAX_INTENSITY = 5;

/** Reads emotions and action units of the readable faces of a frame that are due. */
export class AffectStage {
  readonly #options: AffectOptions;
  /** Position in the model's output of each emotion of EMOTIONS. */
  readonly #order: readonly number[];

  constructor(options: AffectOptions) {
    this.#options = options;
    this.#order = EMOTIONS.map((emotion) => {
      const index = options.labels.indexOf(emotion);
      if (index < 0) throw new RangeError(`model ${options.modelId} has no label "${emotion}"`);
      return index;
    });
  }

  async read(frame: Frame, located: FrameFaces): Promise<FrameReading> {
    const { due } = located;
    const readable = located.faces
      .filter(hasMesh)
      .filter(({ validity, trackId }) => validity === 'ok' && (!due || due.affect.has(trackId)));
    if (readable.length === 0) return { faces: located, evidence: [] };
    const matrices = new Float32Array(readable.length * MATRIX_VALUES);
    for (const [index, face] of readable.entries()) {
      writeAlignment(
        matrices,
        index * MATRIX_VALUES,
        this.#options.alignment,
        this.#options.alignmentPoints(face.mesh),
      );
    }
    const landmarks = this.#options.takesLandmarks ? alignedMeshes(readable, matrices) : null;
    const { runModel, modelId, actionUnits } = this.#options;
    const inference = { runModel, modelId, actionUnits: actionUnits.length };
    const outputs = await inferFaces(frame, { matrices, landmarks }, inference);
    const judged = new Map<number, TrackedFace>();
    const evidence: AffectEvidence[] = [];
    for (const [index, face] of readable.entries()) {
      const sharp = { ...face, quality: { ...face.quality, sharpness: outputs.sharpness[index]! } };
      const validity = this.#options.judge(sharp);
      judged.set(face.trackId, { ...sharp, validity });
      if (validity !== 'ok') continue;
      evidence.push({
        origin: 'onnx',
        ptsUs: located.ptsUs,
        trackId: face.trackId,
        emotionLogits: this.#order.map((position) => outputs.emotionLogits[index * EMOTIONS.length + position]!),
        actionUnits: actionUnits.length > 0 ? actionUnitsOf(outputs, index, actionUnits.length) : null,
        weight: probability(1),
      });
    }
    return {
      faces: { ...located, faces: located.faces.map((face) => judged.get(face.trackId) ?? face) },
      evidence,
    };
  }
}

function alignedMeshes(faces: readonly MeshedFace[], matrices: Float32Array): Float32Array {
  const landmarks = new Float32Array(faces.length * MESH_VALUES);
  for (const [index, { mesh }] of faces.entries()) {
    const at = index * MATRIX_VALUES;
    writeAlignedMesh(landmarks, index * MESH_VALUES, matrices.subarray(at, at + MATRIX_VALUES), mesh);
  }
  return landmarks;
}

/** Row `face` of the action units; intensities are held to 0..5, which a regression may leave. */
function actionUnitsOf(outputs: FaceOutputs, face: number, count: number): ActionUnitEvidence {
  const row = (values: Float32Array): number[] => Array.from(values.subarray(face * count, (face + 1) * count));
  return {
    presenceLogits: row(outputs.presenceLogits),
    intensities: row(outputs.intensities).map((value) => Math.min(MAX_INTENSITY, Math.max(0, value))),
  };
}
