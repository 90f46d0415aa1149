import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AffectError } from '../../src/domain/errors.js';
import { isImported, type Manifest } from '../../src/models/manifest.js';
import {
  CANONICAL_FACE_FILE,
  GRAPH_LIST_FILE,
  type GraphList,
  graphFile,
  listManifests,
  modelsDir,
  sha256Of,
} from '../../src/models/registry.js';
import { parseCanonicalFace } from './canonical-face.js';
import { eyeGraph } from './eye-graph.js';
import { readNpmAsset } from './npm-assets.js';
import { decodeOnnx, encodeOnnx, type OnnxModel } from './onnx-proto.js';
import { affectGraph, detectorGraph, meshGraph } from './runtime-graphs.js';
import { parseTflite } from './tflite.js';

const CANONICAL_FACE_ENTRY = 'geometry_pipeline_metadata_landmarks.binarypb';

function checked(id: string, what: string, bytes: Uint8Array, sha256: string): Uint8Array {
  const actual = sha256Of(bytes);
  if (actual === sha256) return bytes;
  throw new AffectError(
    'MODEL_INVALID',
    `model ${id}: ${what} has hash ${actual.slice(0, 12)}, expected ${sha256.slice(0, 12)}`,
  );
}

/** The run-time graph of a model, made from its pinned source. Throws MODEL_INVALID when the source is not as pinned. */
export function buildGraph(manifest: Manifest): OnnxModel {
  if (!isImported(manifest)) {
    const weights = readFileSync(join(modelsDir, manifest.id, manifest.file));
    return affectGraph(decodeOnnx(checked(manifest.id, manifest.file, weights, manifest.sha256)));
  }
  const { source } = manifest;
  const bytes = checked(manifest.id, source.entry ?? source.file, readNpmAsset(source), source.sha256);
  const model = parseTflite(bytes);
  if (manifest.id === 'face-mesh') return meshGraph(model);
  return manifest.id === 'eye-mesh' ? eyeGraph(model) : detectorGraph(model);
}

/**
 * Writes the run-time graph of every model, the canonical face and the list of hashes into a folder.
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
    const bytes = encodeOnnx(buildGraph(manifest));
    if (isImported(manifest)) checked(manifest.id, 'the converted graph', bytes, manifest.sha256);
    write(graphFile(manifest.id), bytes);
    list[manifest.id] = { madeFrom: manifest.sha256, sha256: sha256Of(bytes) };
    if (!isImported(manifest) || manifest.id !== 'face-mesh') continue;
    const face = parseCanonicalFace(readNpmAsset({ ...manifest.source, entry: CANONICAL_FACE_ENTRY }));
    write(CANONICAL_FACE_FILE, JSON.stringify({ vertices: [...face.vertices], weights: [...face.weights] }));
  }
  write(GRAPH_LIST_FILE, `${JSON.stringify(list, null, 2)}\n`);
}
