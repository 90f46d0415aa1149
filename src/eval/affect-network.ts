import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMOTIONS } from '../domain/affect.js';
import { AffectError } from '../domain/errors.js';
import type { RunModel, Tensor } from '../domain/tensor.js';
import { isTrained, manifestSchema, type TrainedManifest } from '../models/manifest.js';
import { sha256Of } from '../models/registry.js';
import { type GrayImage, mirrored } from './gray-image.js';

/** A trained affect model in a folder: manifest.json and the weights it names. */
export interface AffectModelFiles {
  readonly manifest: TrainedManifest;
  readonly weightsPath: string;
  readonly weightsBytes: number;
  /** Side of the crops it takes, pixels. */
  readonly cropPx: number;
}

/** Reads and checks a model folder. Throws MODEL_INVALID. */
export function readAffectModel(folder: string): AffectModelFiles {
  const fail = (why: string): AffectError => new AffectError('MODEL_INVALID', `the model in ${folder} ${why}`);
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) throw fail('has no manifest.json; check --model');
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw fail(`has a manifest.json that is not JSON: ${(error as Error).message}`);
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) throw fail(`has an invalid manifest.json: ${parsed.error.issues[0]?.message}`);
  const manifest = parsed.data;
  if (!isTrained(manifest)) throw fail('is not an affect model');
  const weightsPath = join(folder, manifest.file);
  if (!existsSync(weightsPath)) throw fail(`has no ${manifest.file}`);
  const weights = readFileSync(weightsPath);
  if (sha256Of(weights) !== manifest.sha256)
    throw fail(`has a ${manifest.file} that is not the one its manifest names`);
  for (const emotion of EMOTIONS) {
    if (!manifest.labels.emotion.includes(emotion)) throw fail(`has no label "${emotion}"`);
  }
  const crops = manifest.inputs.find(({ name }) => name === 'crops');
  const cropPx = crops?.shape[1];
  if (!cropPx) throw fail('has no input "crops" of a fixed size');
  return { manifest, weightsPath, weightsBytes: weights.byteLength, cropPx };
}

/** Vertices and coordinates of a face mesh, for networks that also take one. */
const LANDMARK_SHAPE = [468, 3] as const;

/**
 * Inputs of the trained network for some crops. A network that also takes a face mesh, which only its action units
 * use, gets zeros: the emotions do not depend on it.
 */
function networkInputs(manifest: TrainedManifest, crops: readonly GrayImage[], cropPx: number): Record<string, Tensor> {
  const pixels = cropPx * cropPx;
  const data = new Uint8Array(crops.length * pixels);
  for (const [index, crop] of crops.entries()) data.set(crop.data, index * pixels);
  const inputs: Record<string, Tensor> = { crops: { dtype: 'uint8', shape: [crops.length, cropPx, cropPx], data } };
  if (manifest.inputs.some(({ name }) => name === 'landmarks')) {
    const shape = [crops.length, ...LANDMARK_SHAPE];
    inputs.landmarks = {
      dtype: 'float32',
      shape,
      data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
    };
  }
  return inputs;
}

export interface ClassifierOptions {
  readonly model: AffectModelFiles;
  readonly runModel: RunModel;
  /** Also reads the mirrored crop, and averages the two distributions. */
  readonly flip: boolean;
}

/** Reads the emotions of aligned crops with the trained network itself, without the sampler that the product adds. */
export class CropClassifier {
  readonly #options: ClassifierOptions;
  readonly #order: readonly number[];

  constructor(options: ClassifierOptions) {
    this.#options = options;
    this.#order = EMOTIONS.map((emotion) => options.model.manifest.labels.emotion.indexOf(emotion));
  }

  /** Calibrated probabilities over EMOTIONS of each crop (uint8 [cropPx, cropPx]). */
  async read(crops: readonly GrayImage[]): Promise<number[][]> {
    const plain = await this.#run(crops);
    if (!this.#options.flip) return plain;
    const turned = await this.#run(crops.map(mirrored));
    return plain.map((row, index) => row.map((value, emotion) => (value + turned[index]![emotion]!) / 2));
  }

  async #run(crops: readonly GrayImage[]): Promise<number[][]> {
    const { model, runModel } = this.#options;
    const outputs = await runModel(model.manifest.id, networkInputs(model.manifest, crops, model.cropPx));
    const logits = outputs.emotion_logits?.data;
    const width = model.manifest.labels.emotion.length;
    if (logits?.length !== crops.length * width)
      throw new AffectError(
        'MODEL_INVALID',
        `model ${model.manifest.id} has no output emotion_logits of ${width} values`,
      );
    return crops.map((_, row) => softmax(this.#order.map((position) => logits[row * width + position]!)));
  }
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const weights = logits.map((value) => Math.exp(value - largest));
  const sum = weights.reduce((total, value) => total + value, 0);
  return weights.map((value) => value / sum);
}

/** The distribution among the candidates alone: others get 0, the rest is scaled to sum 1. */
export function amongCandidates(probabilities: readonly number[], candidates: readonly number[] | null): number[] {
  const isOut = (index: number): boolean => candidates !== null && !candidates.includes(index);
  if (!candidates || !probabilities.some((_, index) => isOut(index))) return [...probabilities];
  const kept = probabilities.map((value, index) => (isOut(index) ? 0 : value));
  const sum = kept.reduce((total, value) => total + value, 0);
  if (sum > 0) return kept.map((value) => value / sum);
  return kept.map((_, index) => (isOut(index) ? 0 : 1 / candidates.length));
}
