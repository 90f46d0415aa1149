import { type ColourMatrix, yuvToRgbFactors } from '../domain/colour.js';
import type { Box } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';

/** A square of a frame as RGB, 3 bytes a pixel. */
export interface RgbCrop {
  readonly sizePx: number;
  readonly data: Uint8ClampedArray;
}

/**
 * The square around a face, `margin` of its longer side added on each side, as RGB. Parts outside the frame repeat
 * its edge. When the square is over twice `targetPx`, only every n-th pixel is converted, so that the cost is bounded.
 * Reads the frame before it returns. Only the pixels of the square are converted.
 */
export function cropRgb(options: {
  readonly frame: Frame;
  readonly box: Box<'frame'>;
  readonly margin: number;
  readonly targetPx: number;
  readonly matrix: ColourMatrix;
}): RgbCrop {
  const { frame, box } = options;
  const side = Math.max(2, Math.max(box.right - box.left, box.bottom - box.top) * (1 + 2 * options.margin));
  const left = (box.left + box.right - side) / 2;
  const top = (box.top + box.bottom - side) / 2;
  const sizePx = Math.max(1, Math.round(Math.min(side, options.targetPx * 2)));
  const step = side / sizePx;
  const chromaWidth = Math.ceil(frame.widthPx / 2);
  const uPlane = frame.widthPx * frame.heightPx;
  const vPlane = uPlane + chromaWidth * Math.ceil(frame.heightPx / 2);
  const { luma, redV, greenU, greenV, blueU } = yuvToRgbFactors(options.matrix);
  const data = new Uint8ClampedArray(sizePx * sizePx * 3);
  let out = 0;
  for (let row = 0; row < sizePx; row++) {
    const y = clamped(top + (row + 0.5) * step, frame.heightPx);
    for (let col = 0; col < sizePx; col++) {
      const x = clamped(left + (col + 0.5) * step, frame.widthPx);
      const chroma = (y >> 1) * chromaWidth + (x >> 1);
      const grey = luma * (frame.data[y * frame.widthPx + x]! - 16);
      const u = frame.data[uPlane + chroma]! - 128;
      const v = frame.data[vPlane + chroma]! - 128;
      data[out++] = grey + redV * v;
      data[out++] = grey + greenU * u + greenV * v;
      data[out++] = grey + blueU * u;
    }
  }
  return { sizePx, data };
}

const clamped = (position: number, size: number): number => Math.min(size - 1, Math.max(0, Math.floor(position)));
