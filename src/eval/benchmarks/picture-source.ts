import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { AffectError } from '../../domain/errors.js';
import type { GrayImage } from '../gray-image.js';
import { npzSource } from '../image-source.js';
import { readNpz } from '../npz-file.js';

/** How pictures are made for the engine. */
export type PictureSize =
  /** Exactly this many pixels a side, stretched if need be, as UniFER's script does it. */
  | { readonly kind: 'square'; readonly sidePx: number }
  /** As it is, but no side longer than this. */
  | { readonly kind: 'within'; readonly sidePx: number };

/** For reports and for telling questions apart. */
export function sizeText(size: PictureSize): string {
  return size.kind === 'square' ? `${size.sidePx}x${size.sidePx}` : `within ${size.sidePx}`;
}

/** Where the pictures of a benchmark are. */
export interface PictureSource {
  /** Names among these that are not there. */
  missing(names: readonly string[]): Promise<readonly string[]>;
  /** JPEG of an existing picture. Rejects with INPUT_NOT_FOUND or INPUT_DAMAGED that names it. */
  jpeg(name: string, size: PictureSize): Promise<Uint8Array>;
  /** The picture in gray, as mien measures it. Rejects as `jpeg` does. */
  gray(name: string): Promise<GrayImage>;
}

/** Larger pictures are refused before they are decoded. */
const MAX_INPUT_PIXELS = 64_000_000;
/** High, so that the engine sees the data set's picture and not the JPEG's artefacts. */
const QUALITY = 95;

function asJpeg(image: Sharp, size: PictureSize): Promise<Buffer> {
  const resized =
    size.kind === 'square'
      ? image.resize(size.sidePx, size.sidePx, { fit: 'fill', kernel: 'cubic' })
      : image.resize(size.sidePx, size.sidePx, { fit: 'inside', withoutEnlargement: true, kernel: 'cubic' });
  return resized.toColourspace('srgb').jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' }).toBuffer();
}

/** A folder, in which a picture is found by its path, else by its name alone (also as NAME_aligned.jpg, for RAF-DB); or an .npz. */
export async function openPictures(path: string): Promise<PictureSource> {
  return path.endsWith('.npz') ? npzPictures(path) : folderPictures(path);
}

/** A gray picture as it is. */
export const grayJpeg = ({ data, widthPx, heightPx }: GrayImage): Promise<Buffer> =>
  asJpeg(sharp(data, { raw: { width: widthPx, height: heightPx, channels: 1 } }), { kind: 'within', sidePx: 1024 });

/** A picture's path inside a folder: as a list names it, else its name alone (also as NAME_aligned.jpg, for RAF-DB); null where there is none. */
export async function locatePicture(folder: string, name: string): Promise<string | null> {
  const aligned = name.replace(/(\.\w+)$/, '_aligned$1');
  for (const candidate of [name, basename(name), aligned, basename(aligned)]) {
    const file = await stat(join(folder, candidate)).catch(() => undefined);
    if (file?.isFile()) return candidate;
  }
  return null;
}

async function folderPictures(folder: string): Promise<PictureSource> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new AffectError('INPUT_NOT_FOUND', `${folder} is not a folder or .npz file; check --images`);
  const locate = async (name: string): Promise<string | null> => {
    const inside = await locatePicture(folder, name);
    return inside === null ? null : join(folder, inside);
  };
  const decoded = async <T>(name: string, use: (image: Sharp) => Promise<T>): Promise<T> => {
    const path = await locate(name);
    if (path === null)
      throw new AffectError('INPUT_NOT_FOUND', `the image ${name} is not in ${folder}; check --images`);
    try {
      return await use(sharp(path, { limitInputPixels: MAX_INPUT_PIXELS }).rotate().flatten({ background: '#ffffff' }));
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new AffectError('INPUT_DAMAGED', `cannot decode the image ${path}: ${why}; replace it and --resume`, {
        cause: error,
      });
    }
  };
  return {
    async missing(names) {
      const absent: string[] = [];
      for (const name of names) if ((await locate(name)) === null) absent.push(name);
      return absent;
    },
    jpeg: (name, size) => decoded(name, (image) => asJpeg(image, size)),
    gray: (name) =>
      decoded(name, async (image) => {
        const { data, info } = await image.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
        return { widthPx: info.width, heightPx: info.height, data: new Uint8Array(data) };
      }),
  };
}

async function npzPictures(path: string): Promise<PictureSource> {
  const source = npzSource(await readNpz(path));
  return {
    async missing(names) {
      const absent: string[] = [];
      for (const name of names) {
        await source.load(name).catch(() => absent.push(name)); // the one way to ask it
      }
      return absent;
    },
    async jpeg(name, size) {
      const { data, widthPx, heightPx } = await source.load(name);
      return asJpeg(sharp(data, { raw: { width: widthPx, height: heightPx, channels: 1 } }), size);
    },
    gray: (name) => source.load(name),
  };
}
