import { type AffectEvidence, EMOTIONS } from '../domain/affect.js';
import { cropInputs, MATRIX_VALUES } from '../domain/crop-inputs.js';
import type { FrameFaces, MeshPoints, TrackedFace, Validity } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel } from '../domain/tensor.js';
import { probability } from '../domain/units.js';
import { type AlignmentTargets, type AlignmentTemplate, writeAlignment } from './align.js';

export interface AffectOptions {
  readonly runModel: RunModel;
  readonly modelId: string;
  /** Emotion names in the order of the model's output. */
  readonly labels: readonly string[];
  readonly alignment: AlignmentTemplate;
  /** The three alignment points of a face mesh, frame pixels. */
  readonly alignmentPoints: (mesh: MeshPoints) => AlignmentTargets;
  /** Judges a face again once its sharpness is known. */
  readonly judge: (face: TrackedFace) => Validity;
}

/** Faces of one frame with sharpness and final validity, and emotion evidence for those that are valid. */
export interface FrameReading {
  readonly faces: FrameFaces;
  readonly evidence: readonly AffectEvidence[];
}

/** Faces in one run: a long batch would hold one lane while the others wait. */
const FACES_PER_RUN = 2;

/** Reads emotions of all readable faces of a frame. */
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
    const readable = located.faces.filter((face) => face.validity === 'ok');
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
    const { logits, sharpness } = await this.#infer(frame, matrices);
    const judged = new Map<number, TrackedFace>();
    const evidence: AffectEvidence[] = [];
    for (const [index, face] of readable.entries()) {
      const sharp = { ...face, quality: { ...face.quality, sharpness: sharpness[index]! } };
      const validity = this.#options.judge(sharp);
      judged.set(face.trackId, { ...sharp, validity });
      if (validity !== 'ok') continue;
      evidence.push({
        origin: 'onnx',
        ptsUs: located.ptsUs,
        trackId: face.trackId,
        actionUnits: null,
        emotionLogits: this.#order.map((position) => logits[index * EMOTIONS.length + position]!),
        weight: probability(1),
      });
    }
    return {
      faces: { ...located, faces: located.faces.map((face) => judged.get(face.trackId) ?? face) },
      evidence,
    };
  }

  /** Runs the model over all crops in groups that the lanes share: logits [faces, 8], sharpness [faces]. */
  async #infer(frame: Frame, matrices: Float32Array): Promise<{ logits: Float32Array; sharpness: Float32Array }> {
    const { runModel, modelId } = this.#options;
    const faces = matrices.length / MATRIX_VALUES;
    const logits = new Float32Array(faces * EMOTIONS.length);
    const sharpness = new Float32Array(faces);
    const starts = Array.from({ length: Math.ceil(faces / FACES_PER_RUN) }, (_, group) => group * FACES_PER_RUN);
    await Promise.all(
      starts.map(async (start) => {
        const group = matrices.subarray(start * MATRIX_VALUES, (start + FACES_PER_RUN) * MATRIX_VALUES);
        const outputs = await runModel(modelId, cropInputs(frame, group));
        logits.set(outputs.emotion_logits!.data as Float32Array, start * EMOTIONS.length);
        sharpness.set(outputs.sharpness!.data as Float32Array, start);
      }),
    );
    return { logits, sharpness };
  }
}
