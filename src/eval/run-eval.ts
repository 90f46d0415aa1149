import { EMOTIONS } from '../domain/affect.js';
import type { DeviceChoice } from '../domain/device.js';
import { LanePool } from '../inference/lane-pool.js';
import { settleDevice } from '../inference/settle-device.js';
import { findModels, loadCanonicalFace } from '../models/registry.js';
import { type AffectModelFiles, CropClassifier } from './affect-network.js';
import { abstainCurve, calibrationMetrics } from './calibration.js';
import { DEGRADATIONS } from './conditions.js';
import { alignedCrop } from './crop.js';
import type { EvalReport } from './eval-report.js';
import { evaluate } from './evaluate.js';
import { FaceAligner } from './face-aligner.js';
import { FINDER_MODELS } from './face-finder.js';
import type { ImageSource } from './image-source.js';
import type { EvalItem } from './items.js';
import { classificationMetrics } from './metrics.js';
import { meshTwins } from './network-face.js';
import { measureSpeed } from './speed.js';

export interface RunEvalOptions {
  readonly model: AffectModelFiles;
  readonly items: readonly EvalItem[];
  readonly images: ImageSource;
  readonly mienVersion: string;
  readonly data: EvalReport['data'];
  readonly flip: boolean;
  /** Find and align the face of each picture; else each picture is an aligned crop already. */
  readonly align: boolean;
  readonly robustness: boolean;
  /** What runs the models. */
  readonly device: DeviceChoice;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const ABSTAIN_THRESHOLDS = Array.from({ length: 20 }, (_, index) => index / 20);

/** Measures a model on labelled pictures, in one lane with one thread. Rejects with what models, images and lanes raise. */
export async function runEval(options: RunEvalOptions): Promise<EvalReport> {
  const { model, items } = options;
  const { manifest, cropPx } = model;
  const finders = options.align ? findModels(FINDER_MODELS) : [];
  const device = await settleDevice(options.device, [...FINDER_MODELS, 'mien-affect'], { signal: options.signal });
  const lanes = await LanePool.start({
    lanes: 1,
    device: device.used,
    intraOpThreads: 1,
    models: [
      ...finders.map(({ id, onnxPath }) => ({ id, onnxPath })),
      { id: manifest.id, onnxPath: model.weightsPath },
    ],
  });
  try {
    const canonicalFace = loadCanonicalFace();
    const twins = options.flip ? meshTwins(canonicalFace) : null;
    const classifier = new CropClassifier({ model, runModel: lanes.run, twins });
    const aligner = options.align
      ? new FaceAligner({
          runModel: lanes.run,
          canonicalFace,
          alignment: manifest.alignment,
          cropPx,
        })
      : null;
    const { outcomes, robustness, sample } = await evaluate({
      items,
      images: options.images,
      faceOf: async (image) => (aligner ? aligner.align(image) : { crop: alignedCrop(image, cropPx), mesh: null }),
      read: (faces) => classifier.read(faces),
      degradations: options.robustness ? DEGRADATIONS : [],
      signal: options.signal,
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    });
    const read = outcomes.filter(({ probabilities }) => probabilities !== null);
    const noFace = outcomes.length - read.length;
    const abstainBelow = manifest.calibration.abstainBelow;
    return {
      schema: 'mien-eval/1',
      mienVersion: options.mienVersion,
      data: options.data,
      model: {
        id: manifest.id,
        version: manifest.version,
        sha256: manifest.sha256,
        weightsBytes: model.weightsBytes,
        cropPx,
        device,
        flip: options.flip,
        landmarksZero: !options.align && manifest.inputs.some(({ name }) => name === 'landmarks'),
      },
      labels: EMOTIONS,
      counts: {
        images: outcomes.length,
        read: read.length,
        noFace,
        validity: aligner?.validity ?? null,
        foundWithMargin: aligner?.foundWithMargin ?? null,
      },
      shares: { read: read.length / outcomes.length, noFace: noFace / outcomes.length },
      metrics: classificationMetrics(outcomes, EMOTIONS),
      accuracyOfRead: classificationMetrics(read, EMOTIONS).accuracy,
      calibration: calibrationMetrics(outcomes),
      abstain: {
        curve: abstainCurve(outcomes, ABSTAIN_THRESHOLDS),
        shipped: abstainCurve(outcomes, [abstainBelow])[0]!,
      },
      speed: sample.length === 0 ? null : await measureSpeed((faces) => classifier.read(faces), sample),
      robustness: options.robustness ? robustness : null,
    };
  } finally {
    await lanes.close();
  }
}
