import { AffectStage } from '../affect/affect-stage.js';
import type { AffectEvidence } from '../domain/affect.js';
import { alignmentPoints } from '../domain/alignment.js';
import type { DeviceChoice, SettledDevice } from '../domain/device.js';
import { AffectError } from '../domain/errors.js';
import type { MeshPoints, Validity } from '../domain/face.js';
import type { MeasuredPriors } from '../domain/insight.js';
import type { PrecisionChoice, SettledPrecision } from '../domain/precision.js';
import { DEFAULT_VALIDITY, judgeValidity } from '../faces/validity.js';
import { LanePool } from '../inference/lane-pool.js';
import { settleDevice } from '../inference/settle-device.js';
import { settlePrecision } from '../inference/settle-precision.js';
import { isTrained } from '../models/manifest.js';
import { findModels, inIntegers, loadCanonicalFace } from '../models/registry.js';
import { alignmentTemplate } from './face-aligner.js';
import { FaceFinder, FINDER_MODELS } from './face-finder.js';
import type { GrayImage } from './gray-image.js';

/** Probability of presence from which on a picture's unit is called present. */
export const PRESENT = 0.5;

/** What mien says of the largest face of a photograph, without anything that it learns over time. */
export interface StillReading extends MeasuredPriors {
  /** Why nothing is read, or `ok`; `no-face` where none is found. */
  readonly validity: Validity;
}

/** Measures photographs as `mien analyze` measures the frames of a video, without anything it learns over time. */
export interface StillReader {
  /** What runs its models. */
  readonly device: SettledDevice;
  /** What they compute with. */
  readonly precision: SettledPrecision;
  readonly model: { readonly id: string; readonly version: string };
  /** FACS numbers that it measures. */
  readonly units: readonly string[];
  /** Emotions and action units are null without a readable face. */
  measure(image: GrayImage): Promise<StillReading>;
  /** The largest face's mesh alone; null where none is found, or the mesh does not lie on it. */
  locate(image: GrayImage): Promise<LocatedFace | null>;
  close(): Promise<void>;
}

/** A face in the picture that was searched: the photograph, perhaps with gray around it. */
export interface LocatedFace {
  readonly picture: GrayImage;
  /** 468 points, interleaved x, y, z: x and y 0..1 in the picture, z by its width. */
  readonly mesh: MeshPoints;
}

/** What runs the models of a `StillReader`, and what they compute with. */
export interface StillReaderOptions {
  /** @default 'auto' */
  readonly device?: DeviceChoice;
  /** @default 'float' */
  readonly precision?: PrecisionChoice;
}

const NOTHING: StillReading = {
  validity: 'no-face',
  emotions: null,
  actionUnits: null,
  covered: [],
  pose: null,
  sharpness: null,
};

/** Without its side, as FACS numbers it. */
const numberOf = (key: string): string => key.replace(/[LR]$/, '');

/** Starts one lane with the detector, the mesh and mien-affect. Rejects with what models and lanes raise. */
export async function openStillReader(
  { device: asked = 'auto', precision: wanted = 'float' }: StillReaderOptions = {},
  signal?: AbortSignal,
): Promise<StillReader> {
  const all = findModels([...FINDER_MODELS, 'mien-affect']);
  const ids = all.map(({ id }) => id);
  const device = await settleDevice(asked, ids, { signal });
  const precision = await settlePrecision(wanted, device.used, all, { signal });
  const models = precision.used === 'int8' ? inIntegers(all) : all;
  const manifest = models.map((model) => model.manifest).find(isTrained);
  if (!manifest) throw new AffectError('MODEL_INVALID', 'mien-affect has no trained weights; run mien models verify');
  const lanes = await LanePool.start({
    lanes: 1,
    device: device.used,
    intraOpThreads: 1,
    models: models.map(({ id, onnxPath }) => ({ id, onnxPath })),
  });
  const finder = new FaceFinder({ runModel: lanes.run, canonicalFace: loadCanonicalFace() });
  const units = manifest.labels.actionUnits ?? [];
  const stage = new AffectStage({
    runModel: lanes.run,
    modelId: manifest.id,
    labels: manifest.labels.emotion,
    actionUnits: units,
    takesLandmarks: manifest.inputs.some(({ name }) => name === 'landmarks'),
    alignment: alignmentTemplate(manifest.alignment),
    alignmentPoints,
    judge: ({ quality, pose }) => judgeValidity(quality, pose, DEFAULT_VALIDITY),
  });
  return {
    device,
    precision,
    model: { id: manifest.id, version: manifest.version },
    units: [...new Set(units.map(numberOf))],
    async measure(image) {
      const found = await finder.find(image);
      if (!found) return NOTHING;
      const { frame, face } = found;
      const { index: frameIndex, ptsUs } = frame;
      const located = { frameIndex, ptsUs, faces: [face], endedTracks: [], sceneCut: false };
      const reading = await stage.read(frame, located);
      const [evidence] = reading.evidence;
      const [judged] = reading.faces.faces;
      const { validity, quality } = judged ?? face;
      const { sharpness } = quality;
      if (!evidence) return { ...NOTHING, validity, pose: face.pose, sharpness };
      return {
        validity,
        emotions: softmax(evidence.emotionLogits),
        actionUnits: strongest(evidence, units),
        covered: [],
        pose: face.pose,
        sharpness,
      };
    },
    async locate(image) {
      const found = await finder.find(image);
      if (!found?.face.mesh) return null;
      const { picture, face } = found;
      const sides = [picture.widthPx, picture.heightPx, picture.widthPx] as const;
      return { picture, mesh: face.mesh!.map((value, at) => value / sides[at % 3]!) };
    },
    close: () => lanes.close(),
  };
}

/** By FACS number; of a unit read on both sides the stronger one. */
function strongest({ actionUnits }: AffectEvidence, keys: readonly string[]): MeasuredPriors['actionUnits'] {
  if (actionUnits === null) return null;
  const units: Record<string, { presence: number; intensity: number }> = {};
  for (const [index, key] of keys.entries()) {
    const number = numberOf(key);
    const presence = 1 / (1 + Math.exp(-actionUnits.presenceLogits[index]!));
    const intensity = actionUnits.intensities[index]!;
    const other = units[number];
    units[number] = other
      ? { presence: Math.max(presence, other.presence), intensity: Math.max(intensity, other.intensity) }
      : { presence, intensity };
  }
  return units;
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const weights = logits.map((value) => Math.exp(value - largest));
  const sum = weights.reduce((total, value) => total + value, 0);
  return weights.map((value) => value / sum);
}
