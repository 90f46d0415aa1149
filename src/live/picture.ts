import { type ColourMatrix, yuvToRgbFactors } from '../domain/colour.js';
import type { Frame } from '../domain/frame.js';

/** An RGB picture, 3 bytes a pixel, row by row. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8ClampedArray;
}

/**
 * A frame as RGB, shrunk by whole-pixel sampling so that its longer side is at most `maxSidePx`; never enlarged.
 * Reads the frame before it returns. Writes over the pixels of `reuse`, a picture nobody reads any more, if it is as large.
 */
export function shrinkToRgb(
  frame: Frame,
  options: { readonly maxSidePx: number; readonly matrix: ColourMatrix; readonly reuse?: Picture | undefined },
): Picture {
  const scale = Math.max(1, Math.max(frame.widthPx, frame.heightPx) / options.maxSidePx);
  const widthPx = Math.max(1, Math.round(frame.widthPx / scale));
  const heightPx = Math.max(1, Math.round(frame.heightPx / scale));
  const chromaWidth = Math.ceil(frame.widthPx / 2);
  const uPlane = frame.widthPx * frame.heightPx;
  const vPlane = uPlane + chromaWidth * Math.ceil(frame.heightPx / 2);
  const { luma, redV, greenU, greenV, blueU } = yuvToRgbFactors(options.matrix);
  const source = frame.data;
  const bytes = widthPx * heightPx * 3;
  const data = options.reuse?.data.length === bytes ? options.reuse.data : new Uint8ClampedArray(bytes);
  const columns = Int32Array.from({ length: widthPx }, (_, x) =>
    Math.min(frame.widthPx - 1, Math.floor((x + 0.5) * scale)),
  );
  let out = 0;
  for (let row = 0; row < heightPx; row++) {
    const y = Math.min(frame.heightPx - 1, Math.floor((row + 0.5) * scale));
    const lumaRow = y * frame.widthPx;
    const chromaRow = (y >> 1) * chromaWidth;
    for (let col = 0; col < widthPx; col++) {
      const x = columns[col]!;
      const chroma = chromaRow + (x >> 1);
      const grey = luma * (source[lumaRow + x]! - 16);
      const u = source[uPlane + chroma]! - 128;
      const v = source[vPlane + chroma]! - 128;
      data[out] = grey + redV * v;
      data[out + 1] = grey + greenU * u + greenV * v;
      data[out + 2] = grey + blueU * u;
      out += 3;
    }
  }
  return { widthPx, heightPx, data };
}
