import { stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import sharp from 'sharp';
import { AffectError } from '../domain/errors.js';
import type { GrayImage } from './gray-image.js';
import type { NpzFile } from './npz-file.js';

/** Where the pictures of a list are. */
export interface ImageSource {
  /** Rejects with INPUT_NOT_FOUND or INPUT_DAMAGED that names the picture. */
  load(name: string): Promise<GrayImage>;
}

/** Decodes a picture of any format sharp reads, upright, as gray. */
async function decode(path: string): Promise<GrayImage> {
  try {
    const { data, info } = await sharp(path)
      .rotate()
      .flatten()
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { widthPx: info.width, heightPx: info.height, data: new Uint8Array(data) };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new AffectError('INPUT_DAMAGED', `cannot decode the image ${path}: ${why}`, { cause: error });
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** Pictures in a folder: by the path in the list, else by the file's name alone. */
export async function folderSource(folder: string): Promise<ImageSource> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new AffectError('INPUT_NOT_FOUND', `${folder} is not a folder or .npz file; check --images`);
  return {
    async load(name) {
      for (const path of [isAbsolute(name) ? name : join(folder, name), join(folder, basename(name))]) {
        if (await isFile(path)) return decode(path);
      }
      throw new AffectError('INPUT_NOT_FOUND', `the image ${name} is not in ${folder}; check --images`);
    },
  };
}

/** Pictures of an .npz: `images` uint8 [N, height, width], found by the number in the name, which is one of `ids` [N]. */
export function npzSource(file: NpzFile): ImageSource {
  const images = file.array('images', 3);
  const ids = file.array('ids', 1);
  const [count, heightPx, widthPx] = images.shape as [number, number, number];
  const pixels = images.values;
  if (!(pixels instanceof Uint8Array) || ids.values.length !== count)
    throw new AffectError('INPUT_DAMAGED', `${file.path}: images must be uint8 [N, height, width], and ids [N]`);
  const rows = new Map(Array.from(ids.values, (id, row) => [id, row]));
  return {
    async load(name) {
      const digits = /(\d+)\D*$/.exec(basename(name))?.[1];
      const row = digits === undefined ? undefined : rows.get(Number(digits));
      if (row === undefined)
        throw new AffectError(
          'INPUT_NOT_FOUND',
          `the image ${name} is not in ${file.path}: no such number among its ids`,
        );
      return { widthPx, heightPx, data: pixels.subarray(row * widthPx * heightPx, (row + 1) * widthPx * heightPx) };
    },
  };
}
