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

/** Reads emotions of all readable faces of a frame in one model run. */
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
    const outputs = await this.#options.runModel(this.#options.modelId, cropInputs(frame, matrices));
    const logits = outputs.emotion_logits!.data as Float32Array;
    const sharpness = outputs.sharpness!.data as Float32Array;
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
        emotionLogits: this.#order.map((position) => logits[index * EMOTIONS.length + position]!),
        weight: probability(1),
      });
    }
    return {
      faces: { ...located, faces: located.faces.map((face) => judged.get(face.trackId) ?? face) },
      evidence,
    };
  }
}
