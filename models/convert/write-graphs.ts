import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AffectError } from '../../src/domain/errors.js';
import {
  type AnsweringManifest,
  int8Schema,
  isAnswering,
  isImported,
  isOcclusion,
  isVoice,
  type Manifest,
  type OcclusionManifest,
  type TrainedManifest,
} from '../../src/models/manifest.js';
import {
  CANONICAL_FACE_FILE,
  GRAPH_LIST_FILE,
  type GraphList,
  graphFile,
  int8Path,
  listManifests,
  modelsDir,
  sha256Of,
} from '../../src/models/registry.js';
import { parseCanonicalFace } from './canonical-face.js';
import { eyeGraph } from './eye-graph.js';
import { foldConstants } from './fold-constants.js';
import { readNpmAsset } from './npm-assets.js';
import { decodeOnnx, encodeOnnx, type OnnxModel } from './onnx-proto.js';
import { quantize } from './quantize.js';
import { affectGraph, detectorGraph, meshGraph, occlusionGraph } from './runtime-graphs.js';
import { storeHalves } from './store-halves.js';
import { parseTflite } from './tflite.js';
import { voiceGraph } from './voice-graph.js';

const CANONICAL_FACE_ENTRY = 'geometry_pipeline_metadata_landmarks.binarypb';

function checked(id: string, what: string, bytes: Uint8Array, sha256: string): Uint8Array {
  const actual = sha256Of(bytes);
  if (actual === sha256) return bytes;
  throw new AffectError(
    'MODEL_INVALID',
    `model ${id}: ${what} has hash ${actual}, expected ${sha256}`,
  );
}

type OwnManifest = TrainedManifest | OcclusionManifest;

function trainedNetwork({ id, file, sha256 }: OwnManifest): OnnxModel {
  return decodeOnnx(checked(id, file, readFileSync(join(modelsDir, id, file)), sha256));
}

/** The run-time graph of a network of ours: reads crops of a frame. */
export const runtimeGraph = (manifest: OwnManifest, trained: OnnxModel): OnnxModel =>
  isOcclusion(manifest) ? occlusionGraph(trained) : affectGraph(trained);

/** The run-time graph of a model, made from its pinned source. Throws MODEL_INVALID when the source is not as pinned. */
export function buildGraph(manifest: Exclude<Manifest, AnsweringManifest>): OnnxModel {
  if (!isImported(manifest)) return runtimeGraph(manifest, trainedNetwork(manifest));
  const { source } = manifest;
  const bytes = checked(manifest.id, source.entry ?? source.file, readNpmAsset(source), source.sha256);
  if (isVoice(manifest)) return voiceGraph(decodeOnnx(bytes));
  const model = parseTflite(bytes);
  if (manifest.id === 'face-mesh') return meshGraph(model);
  if (manifest.id !== 'eye-mesh') return detectorGraph(model);
  return eyeGraph(model, decodeOnnx(readFileSync(join(modelsDir, manifest.id, 'looks.onnx'))));
}

/** The run-time graph of a model in integers, or null where there are no ranges of its values. */
function buildIntegerGraph(manifest: Exclude<Manifest, AnsweringManifest>): OnnxModel | null {
  const path = int8Path(manifest.id);
  if (isImported(manifest) || !existsSync(path)) return null;
  const { madeFrom, ranges } = int8Schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (madeFrom !== manifest.sha256)
    throw new AffectError(
      'MODEL_INVALID',
      `model ${manifest.id}: int8.json is of other weights; run models/training/calibrate.mjs (models/training/README.md)`,
    );
  return runtimeGraph(manifest, storeHalves(quantize(foldConstants(trainedNetwork(manifest)), ranges)));
}

/**
 * Writes the run-time graph of every model that is run on frames, the canonical face and the list of hashes into a folder.
 * Each file appears under its name only when it is complete; the list comes last. Throws MODEL_INVALID when a source is
 * not as its manifest pins it, RangeError when it cannot be read.
 */
export function writeGraphs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: Uint8Array | string): void => {
    const part = join(folder, `${name}.${process.pid}.part`);
    writeFileSync(part, content);
    renameSync(part, join(folder, name));
  };
  const list: Record<string, GraphList[string]> = {};
  for (const manifest of listManifests()) {
    if (isAnswering(manifest)) continue;
    const bytes = encodeOnnx(buildGraph(manifest));
    if (isImported(manifest)) checked(manifest.id, 'the converted graph', bytes, manifest.sha256);
    write(graphFile(manifest.id), bytes);
    list[manifest.id] = { madeFrom: manifest.sha256, sha256: sha256Of(bytes) };
    const integers = buildIntegerGraph(manifest);
    if (integers) {
      const whole = encodeOnnx(integers);
      write(graphFile(manifest.id, 'int8'), whole);
      list[manifest.id] = { ...list[manifest.id]!, int8: sha256Of(whole) };
    }
    if (!isImported(manifest) || manifest.id !== 'face-mesh') continue;
    const face = parseCanonicalFace(readNpmAsset({ ...manifest.source, entry: CANONICAL_FACE_ENTRY }));
    write(CANONICAL_FACE_FILE, JSON.stringify({ vertices: [...face.vertices], weights: [...face.weights] }));
  }
  write(GRAPH_LIST_FILE, `${JSON.stringify(list, null, 2)}\n`);
}
