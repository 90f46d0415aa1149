import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AffectError } from '../../src/domain/errors.js';

const require = createRequire(import.meta.url);

/** A file that a pinned npm package ships, maybe inside a packed archive of Emscripten's file packager. */
export interface NpmAsset {
  readonly package: string;
  readonly version: string;
  readonly file: string;
  /** Path inside the archive `file`, whose offsets stand in `<file without .data>_loader.js`. */
  readonly entry?: string | undefined;
}

/** Reads an asset. Throws MODEL_INVALID when the package is missing, of another version, or lacks the file. */
export function readNpmAsset(asset: NpmAsset): Uint8Array {
  let folder: string;
  try {
    folder = dirname(require.resolve(`${asset.package}/package.json`));
  } catch (error) {
    throw new AffectError('MODEL_INVALID', `npm package ${asset.package} is not installed; run npm ci`, {
      cause: error,
    });
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  if (version !== asset.version) {
    throw new AffectError(
      'MODEL_INVALID',
      `npm package ${asset.package} is ${version}, need ${asset.version}; run npm ci`,
    );
  }
  try {
    const bytes = readFileSync(join(folder, asset.file));
    return asset.entry === undefined
      ? bytes
      : unpack(bytes, readFileSync(join(folder, loaderOf(asset.file)), 'utf8'), asset.entry);
  } catch (error) {
    throw new AffectError('MODEL_INVALID', `${asset.package} does not hold ${asset.entry ?? asset.file}; run npm ci`, {
      cause: error,
    });
  }
}

const loaderOf = (file: string): string => file.replace(/\.data$/, '_loader.js');

/** The part of an Emscripten package that its loader calls `entry` (matched by the end of its path). */
export function unpack(archive: Uint8Array, loader: string, entry: string): Uint8Array {
  const files = /loadPackage\((\{"files":.*?\})\);/s.exec(loader)?.[1];
  if (!files) throw new RangeError('no file list in the loader');
  const list = JSON.parse(files) as { files: { filename: string; start: number; end: number }[] };
  const found = list.files.find(({ filename }) => filename.endsWith(`/${entry}`));
  if (!found || found.end > archive.byteLength) throw new RangeError(`no ${entry} in the archive`);
  return archive.subarray(found.start, found.end);
}
