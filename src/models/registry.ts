import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AffectError } from '../domain/errors.js';
import type { GazeModel } from '../domain/gaze.js';
import type { Precision } from '../domain/precision.js';
import { int8Schema, type Manifest, parseManifest, type Vector, vectorSchema } from './manifest.js';

/** A model that is ready to be loaded by a lane. */
export interface ReadyModel {
  readonly id: string;
  readonly manifest: Manifest;
  /** The run-time graph: crops of a frame in (cut-crops.ts), the network's outputs out. */
  readonly onnxPath: string;
  /** Of what makes the numbers: weights of a trained model, converted graph of an imported one. */
  readonly sha256: string;
  /** What `onnxPath` computes with. */
  readonly precision: Precision;
  /** The same network in integers, where it has that form. */
  readonly int8: { readonly onnxPath: string; readonly sha256: string } | null;
}

/**
 * What the build wrote, by model: hashes of the graph, of what its manifest says it is made from, and of the graph in
 * integers where there is one.
 */
export type GraphList = Readonly<
  Record<string, { readonly madeFrom: string; readonly sha256: string; readonly int8?: string }>
>;

/** The canonical face of MediaPipe's face geometry module (GeometryPipelineMetadata). */
export interface CanonicalFaceData {
  /** [468, 3] centimetres: x to the subject's left, y up, z towards the camera. */
  readonly vertices: Float32Array;
  /** [468] weight of each vertex in the pose fit; 0 where expressions move it. */
  readonly weights: Float32Array;
}

export const modelsDir = fileURLToPath(new URL('../../models/', import.meta.url));
/** Where the build puts run-time graphs (models/convert), also for sources under a test runner. */
export const graphsDir = fileURLToPath(new URL('../../dist/graphs/', import.meta.url));
export const GRAPH_LIST_FILE = 'graphs.json';
export const CANONICAL_FACE_FILE = 'canonical-face.json';
export const graphFile = (id: string, precision: Precision = 'float'): string =>
  precision === 'float' ? `${id}.onnx` : `${id}.${precision}.onnx`;

/** How to get whole graphs again, for messages. */
const AGAIN = 'install mien-faces again, or in its repository run npm run build';

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Manifests of all models of the package, by id. Throws MODEL_INVALID on one that breaks the schema. */
export function listManifests(): Manifest[] {
  return readdirSync(modelsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(modelsDir, entry.name, 'manifest.json')))
    .map((entry) => readManifest(entry.name))
    .sort((a, b) => a.id.localeCompare(b.id));
}

export function readManifest(id: string): Manifest {
  const path = join(modelsDir, id, 'manifest.json');
  if (!existsSync(path))
    throw new AffectError('MODEL_INVALID', `there is no model "${id}"; \`mien models list\` names them`);
  return parseManifest(readFileSync(path, 'utf8'), `models/${id}/manifest.json`);
}

/** Ranges of a network's values, for its form in integers, with what that form gives for the recorded test. */
export const int8Path = (id: string): string => join(modelsDir, id, 'int8.json');

/** The recorded test of a model: what its graph gives in floats, or in integers. Throws MODEL_INVALID without one. */
export function readVector(id: string, precision: Precision = 'float'): Vector {
  const path = join(modelsDir, id, 'vector.json');
  if (!existsSync(path)) throw new AffectError('MODEL_INVALID', `model ${id} has no vector.json`);
  const vector = vectorSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (precision === 'float') return vector;
  const { tolerance, outputs } = int8Schema.parse(JSON.parse(readFileSync(int8Path(id), 'utf8')));
  return { ...vector, tolerance, outputs };
}

/** A file of a model. Throws MODEL_INVALID when it cannot be read. */
export function readGraphFile(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name));
  } catch (error) {
    throw new AffectError('MODEL_INVALID', `cannot read ${join(folder, name)}; ${AGAIN}`, { cause: error });
  }
}

/**
 * The run-time graphs of models, as the build made them.
 *
 * @param folder - where they lie; the package's own unless a test says otherwise
 * Throws MODEL_INVALID for an unknown model, and for a graph that is missing, damaged or made from other weights.
 */
export function findModels(ids: readonly string[], folder: string = graphsDir): ReadyModel[] {
  const manifests = ids.map(readManifest);
  const list = JSON.parse(readGraphFile(folder, GRAPH_LIST_FILE).toString()) as GraphList;
  return manifests.map((manifest) => {
    const { id, sha256 } = manifest;
    const graph = list[id];
    if (graph?.madeFrom !== sha256)
      throw new AffectError('MODEL_INVALID', `the graph of model ${id} is not the one of its manifest; ${AGAIN}`);
    if (sha256Of(readGraphFile(folder, graphFile(id))) !== graph.sha256)
      throw new AffectError('MODEL_INVALID', `${join(folder, graphFile(id))} is damaged; ${AGAIN}`);
    const int8 =
      graph.int8 === undefined ? null : { onnxPath: join(folder, graphFile(id, 'int8')), sha256: graph.int8 };
    return { id, manifest, onnxPath: join(folder, graphFile(id)), sha256, precision: 'float', int8 };
  });
}

/** Models in integers, those that have that form. Throws MODEL_INVALID for one that is missing or damaged. */
export function inIntegers(models: readonly ReadyModel[]): ReadyModel[] {
  return models.map((model) => {
    const { int8 } = model;
    if (int8 === null) return model;
    if (sha256Of(readGraphFile(dirname(int8.onnxPath), basename(int8.onnxPath))) !== int8.sha256)
      throw new AffectError('MODEL_INVALID', `${int8.onnxPath} is damaged; ${AGAIN}`);
    return { ...model, onnxPath: int8.onnxPath, precision: 'int8' };
  });
}

/** The canonical face that comes with FaceMesh, for head pose. Throws MODEL_INVALID when it is missing. */
export function loadCanonicalFace(): CanonicalFaceData {
  const { vertices, weights } = JSON.parse(readGraphFile(graphsDir, CANONICAL_FACE_FILE).toString()) as {
    vertices: number[];
    weights: number[];
  };
  return { vertices: Float32Array.from(vertices), weights: Float32Array.from(weights) };
}

/** The network that reads gaze from what is seen of the eyes. Throws MODEL_INVALID when it is missing. */
export function loadGazeModel(): GazeModel {
  return JSON.parse(readGraphFile(join(modelsDir, 'eye-mesh'), 'gaze.json').toString()) as GazeModel;
}
