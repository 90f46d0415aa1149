import { AffectStage } from '../affect/affect-stage.js';
import type { AffectEvidence } from '../domain/affect.js';
import { alignmentPoints } from '../domain/alignment.js';
import { AffectError } from '../domain/errors.js';
import type { MeshPoints, Validity } from '../domain/face.js';
import type { MeasuredPriors } from '../domain/insight.js';
import { DEFAULT_MODEL, MODEL_IDS } from '../domain/model-size.js';
import { DEFAULT_VALIDITY, judgeValidity } from '../faces/validity.js';
import { isTrained } from '../models/manifest.js';
import { alignmentTemplate } from './face-aligner.js';
import type { GrayImage } from './gray-image.js';
import { openStillModels, type Still, type StillOptions } from './still-models.js';

/** Probability of presence from which on a picture's unit is called present. */
export const PRESENT = 0.5;

/** What mien says of the largest face of a photograph, without anything that it learns over time. */
export interface StillReading extends MeasuredPriors {
  /** Why nothing is read, or `ok`; `no-face` where none is found. */
  readonly validity: Validity;
}

/** Measures photographs as `mien analyze` measures the frames of a video, without anything it learns over time. */
export interface StillReader extends Still {
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
  /** Pixels of that gray on each side. */
  readonly marginPx: number;
  /** 468 points, interleaved x, y, z: x and y 0..1 in the picture, z by its width. */
  readonly mesh: MeshPoints;
}

/** x and y 0..1 in the picture as it was given, without what was put around it to find the face; z by its width. */
export function meshInPicture({ picture, marginPx, mesh }: LocatedFace): MeshPoints {
  const sides = [picture.widthPx, picture.heightPx, picture.widthPx];
  return mesh.map((value, at) => {
    const side = sides[at % 3]!;
    return (value * side - (at % 3 === 2 ? 0 : marginPx)) / (side - 2 * marginPx);
  });
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
export async function openStillReader(options: StillOptions = {}, signal?: AbortSignal): Promise<StillReader> {
  const { device, precision, models, runModel, finder, close } = await openStillModels(
    [MODEL_IDS[options.model ?? DEFAULT_MODEL]],
    options,
    signal,
  );
  const manifest = models.map((model) => model.manifest).find(isTrained);
  if (!manifest) throw new AffectError('MODEL_INVALID', 'mien-affect has no trained weights; run mien models verify');
  const units = manifest.labels.actionUnits ?? [];
  const stage = new AffectStage({
    runModel,
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
      const { picture, marginPx, face } = found;
      const sides = [picture.widthPx, picture.heightPx, picture.widthPx] as const;
      return { picture, marginPx, mesh: face.mesh!.map((value, at) => value / sides[at % 3]!) };
    },
    close,
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
