import sharp from 'sharp';
import { matrixOf } from '../domain/colour.js';
import type { Box } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { cropRgb } from './crop-rgb.js';

export interface ThumbnailOptions {
  readonly frame: Frame;
  /** The face; nothing outside its square plus the margin is read. */
  readonly box: Box<'frame'>;
  /** Side of the square JPEG. Smaller faces are enlarged to it. Default 160. */
  readonly sizePx?: number;
}

const MARGIN = 0.2;
const QUALITY = 78;

/** A face as a small square JPEG (sRGB). Copies its pixels before returning: the frame may be released at once. */
export function encodeThumbnail(options: ThumbnailOptions): Promise<Buffer> {
  const sizePx = options.sizePx ?? 160;
  const matrix = matrixOf(options.frame);
  const crop = cropRgb({ frame: options.frame, box: options.box, margin: MARGIN, targetPx: sizePx, matrix });
  return sharp(crop.data, { raw: { width: crop.sizePx, height: crop.sizePx, channels: 3 } })
    .resize(sizePx, sizePx)
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
