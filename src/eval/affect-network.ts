import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMOTIONS } from '../domain/affect.js';
import { AffectError } from '../domain/errors.js';
import { MESH_POINTS } from '../domain/face.js';
import { MODEL_SIZES } from '../domain/model-size.js';
import type { RunModel, Tensor } from '../domain/tensor.js';
import { isTrained, manifestSchema, type TrainedManifest } from '../models/manifest.js';
import { sha256Of } from '../models/registry.js';
import { mirroredFace, type NetworkFace } from './network-face.js';

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
  if (!existsSync(path))
    throw fail(`has no manifest.json; --model takes ${MODEL_SIZES.join(', ')} or the folder of a model`);
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

/** Inputs of the trained network for some faces. A network that also takes a face mesh gets zeros where none is known. */
function networkInputs(
  manifest: TrainedManifest,
  faces: readonly NetworkFace[],
  cropPx: number,
): Record<string, Tensor> {
  const pixels = cropPx * cropPx;
  const data = new Uint8Array(faces.length * pixels);
  for (const [index, { crop }] of faces.entries()) data.set(crop.data, index * pixels);
  const inputs: Record<string, Tensor> = { crops: { dtype: 'uint8', shape: [faces.length, cropPx, cropPx], data } };
  if (manifest.inputs.some(({ name }) => name === 'landmarks')) {
    const values = MESH_POINTS * 3;
    const meshes = new Float32Array(faces.length * values);
    for (const [index, { mesh }] of faces.entries()) if (mesh) meshes.set(mesh, index * values);
    inputs.landmarks = { dtype: 'float32', shape: [faces.length, MESH_POINTS, 3], data: meshes };
  }
  return inputs;
}

export interface ClassifierOptions {
  readonly model: AffectModelFiles;
  readonly runModel: RunModel;
  /** Also reads the mirrored face, and averages the two distributions: the mirror image of each vertex of the mesh; null does not. */
  readonly twins: readonly number[] | null;
}

/** Reads the emotions of aligned faces with the trained network itself, without the sampler that the product adds. */
export class CropClassifier {
  readonly #options: ClassifierOptions;
  readonly #order: readonly number[];

  constructor(options: ClassifierOptions) {
    this.#options = options;
    this.#order = EMOTIONS.map((emotion) => options.model.manifest.labels.emotion.indexOf(emotion));
  }

  /** Calibrated probabilities over EMOTIONS of each face (its crop uint8 [cropPx, cropPx]). */
  async read(faces: readonly NetworkFace[]): Promise<number[][]> {
    const { twins } = this.#options;
    const plain = await this.#run(faces);
    if (!twins) return plain;
    const turned = await this.#run(faces.map((face) => mirroredFace(face, twins)));
    return plain.map((row, index) => row.map((value, emotion) => (value + turned[index]![emotion]!) / 2));
  }

  async #run(faces: readonly NetworkFace[]): Promise<number[][]> {
    const { model, runModel } = this.#options;
    const outputs = await runModel(model.manifest.id, networkInputs(model.manifest, faces, model.cropPx));
    const logits = outputs.emotion_logits?.data;
    const width = model.manifest.labels.emotion.length;
    if (logits?.length !== faces.length * width)
      throw new AffectError(
        'MODEL_INVALID',
        `model ${model.manifest.id} has no output emotion_logits of ${width} values`,
      );
    return faces.map((_, row) => softmax(this.#order.map((position) => logits[row * width + position]!)));
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
