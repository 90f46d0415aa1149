import sharp from 'sharp';
import type { Turn } from '../../domain/frame.js';
import { MAX_PUSHED_BYTES } from '../../domain/live.js';
import { fitInside } from './fit-inside.js';

export const MAX_JPEG_SIDE_PX = 4096;
const DECODE_SECONDS = 5;

/** A decoded picture: RGB, rows without padding. */
export interface RgbPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/**
 * Decodes one JPEG from a stranger, upright by its EXIF and then turned clockwise, shrunk to `maxSidePx`, even sizes. Undefined when it is not a JPEG, is
 * damaged, or is over a limit: 4 MiB, 4096 pixels a side, 5 s of decoding.
 */
export async function decodeJpeg(
  jpeg: Uint8Array,
  options: { readonly maxSidePx: number; readonly turn: Turn },
): Promise<RgbPicture | undefined> {
  // The magic comes first, so that no other decoder is ever asked.
  if (jpeg.length > MAX_PUSHED_BYTES || jpeg[0] !== 0xff || jpeg[1] !== 0xd8 || jpeg[2] !== 0xff) return undefined;
  try {
    const image = sharp(jpeg, { limitInputPixels: MAX_JPEG_SIDE_PX ** 2, failOn: 'error', pages: 1 });
    const { format, width, height, autoOrient } = await image.metadata();
    if (format !== 'jpeg' || width > MAX_JPEG_SIDE_PX || height > MAX_JPEG_SIDE_PX) return undefined;
    const { maxSidePx, turn } = options;
    const upright = fitInside({ widthPx: autoOrient.width, heightPx: autoOrient.height, maxSidePx });
    const size = turn % 180 === 0 ? upright : { widthPx: upright.heightPx, heightPx: upright.widthPx };
    const { data, info } = await image
      .autoOrient()
      .rotate(turn)
      .resize({ width: size.widthPx, height: size.heightPx, fit: 'fill', kernel: 'linear' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .timeout({ seconds: DECODE_SECONDS })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) return undefined;
    return { widthPx: info.width, heightPx: info.height, rgb: data };
  } catch {
    return undefined; // Damaged or over a limit: counted by the caller as undecodable.
  }
}
