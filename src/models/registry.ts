import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AffectError } from '../domain/errors.js';
import { type CanonicalFaceData, parseCanonicalFace } from './canonical-face.js';
import { isImported, type Manifest, manifestSchema } from './manifest.js';
import { readNpmAsset } from './npm-assets.js';
import { decodeOnnx, encodeOnnx, type OnnxModel } from './onnx-proto.js';
import { affectGraph, detectorGraph, meshGraph } from './runtime-graphs.js';
import { parseTflite } from './tflite.js';

/** A model that is ready to be loaded by a lane. */
export interface ReadyModel {
  readonly id: string;
  readonly manifest: Manifest;
  /** The run-time graph: frame's luma and crop matrices in, the network's outputs out. */
  readonly onnxPath: string;
  /** Of what makes the numbers: weights of a trained model, converted graph of an imported one. */
  readonly sha256: string;
}

/** Raised whenever a change of the importer changes the graphs it writes: old ones are then left unused in the cache. */
const GRAPH_VERSION = 2;

const modelsDir = fileURLToPath(new URL('../../models/', import.meta.url));

/** Where converted graphs are kept: $MIEN_CACHE, else the user's cache folder. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return env.MIEN_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mien');
}

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
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new AffectError('MODEL_INVALID', `models/${id}/manifest.json is invalid: ${parsed.error.issues[0]?.message}`);
}

export function vectorPath(id: string): string {
  return join(modelsDir, id, 'vector.json');
}

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
  return readable(manifest.id, () => {
    const model = parseTflite(bytes);
    return manifest.id === 'face-mesh' ? meshGraph(model) : detectorGraph(model);
  });
}

/** Turns what a reader says of bytes it cannot use into MODEL_INVALID. */
function readable<T>(id: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AffectError('MODEL_INVALID', `model ${id} cannot be imported: ${error.message}; run npm ci`, {
      cause: error,
    });
  }
}

/** Whether the cache holds the graph, undamaged as far as its hash is recorded. */
function isCached(manifest: Manifest, onnxPath: string): boolean {
  return existsSync(onnxPath) && (!isImported(manifest) || sha256Of(readFileSync(onnxPath)) === manifest.sha256);
}

export interface EnsureOptions {
  readonly ids: readonly string[];
  readonly cacheDir?: string;
  readonly onProgress?: (line: string) => void;
}

/**
 * Makes sure that each model's run-time graph is in the cache, and says where. Quick when it is. Safe when several
 * processes do it at once: a graph appears under its final name only when it is complete. An imported graph that was damaged in the cache is
 * written again.
 */
export function ensureModels(options: EnsureOptions): ReadyModel[] {
  const folder = options.cacheDir ?? cacheDir();
  return options.ids.map((id) => {
    const manifest = readManifest(id);
    const onnxPath = join(folder, `${id}-${manifest.sha256.slice(0, 16)}-v${GRAPH_VERSION}.onnx`);
    if (!isCached(manifest, onnxPath)) {
      options.onProgress?.(`importing model ${id}`);
      const bytes = encodeOnnx(buildGraph(manifest));
      if (isImported(manifest)) checked(id, 'the converted graph', bytes, manifest.sha256);
      writeAtomically(folder, onnxPath, bytes);
    }
    return { id, manifest, onnxPath, sha256: manifest.sha256 };
  });
}

function writeAtomically(folder: string, path: string, bytes: Uint8Array): void {
  try {
    mkdirSync(folder, { recursive: true });
    const part = `${path}.${process.pid}.part`;
    writeFileSync(part, bytes);
    renameSync(part, path);
  } catch (error) {
    throw new AffectError(
      'OUTPUT_UNWRITABLE',
      `cannot write models to ${folder}; set MIEN_CACHE to a writable folder`,
      {
        cause: error,
      },
    );
  }
}

/** The canonical face that FaceMesh's package ships, for head pose. */
export function loadCanonicalFace(): CanonicalFaceData {
  const manifest = readManifest('face-mesh');
  if (!isImported(manifest)) throw new AffectError('MODEL_INVALID', 'face-mesh is not an imported model');
  const bytes = readNpmAsset({ ...manifest.source, entry: 'geometry_pipeline_metadata_landmarks.binarypb' });
  return readable(manifest.id, () => parseCanonicalFace(bytes));
}
