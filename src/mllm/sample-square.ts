import { setImmediate as turn } from 'node:timers/promises';
import { type ColourMatrix, yuvToRgbFactors } from '../domain/colour.js';
import type { TurnedSquare } from './face-square.js';
import type { Planes } from './patch.js';

/** A square as RGB, 3 bytes a pixel. */
export interface RgbSquare {
  readonly sizePx: number;
  readonly data: Uint8ClampedArray;
}

export interface SampleOptions {
  readonly square: TurnedSquare;
  /** Samples a side. */
  readonly sizePx: number;
  readonly matrix: ColourMatrix;
}

/** Pixels between two turns of the event loop, about a millisecond's work: frames and messages do not wait for a picture. */
const PIXELS_A_TURN = 16_384;

/** Samples a turned square: luma between pixels, chroma (half the resolution) of the nearest; edges repeat. */
export async function sampleSquare(planes: Planes, options: SampleOptions): Promise<RgbSquare> {
  const { sizePx } = options;
  const data = new Uint8ClampedArray(sizePx * sizePx * 3);
  const rows = Math.max(1, Math.floor(PIXELS_A_TURN / sizePx));
  for (let row = 0; row < sizePx; row += rows) {
    await turn();
    sampleRows(planes, options, { data, from: row, to: Math.min(sizePx, row + rows) });
  }
  return { sizePx, data };
}

function sampleRows(
  { widthPx, heightPx, data: source }: Planes,
  { square, sizePx, matrix }: SampleOptions,
  { data, from, to }: { readonly data: Uint8ClampedArray; readonly from: number; readonly to: number },
): void {
  const chromaWidth = Math.ceil(widthPx / 2);
  const uPlane = widthPx * heightPx;
  const vPlane = uPlane + chromaWidth * Math.ceil(heightPx / 2);
  const { luma, redV, greenU, greenV, blueU } = yuvToRgbFactors(matrix);
  const c = (Math.cos(square.angle) * square.sidePx) / sizePx;
  const s = (Math.sin(square.angle) * square.sidePx) / sizePx;
  let out = from * sizePx * 3;
  for (let row = from; row < to; row++) {
    const v = row + 0.5 - sizePx / 2;
    for (let col = 0; col < sizePx; col++) {
      const u = col + 0.5 - sizePx / 2;
      const x = clamped(square.centre.x + c * u - s * v - 0.5, widthPx);
      const y = clamped(square.centre.y + s * u + c * v - 0.5, heightPx);
      const left = Math.floor(x);
      const top = Math.floor(y);
      const right = Math.min(left + 1, widthPx - 1);
      const below = Math.min(top + 1, heightPx - 1);
      const fx = x - left;
      const fy = y - top;
      const upper = source[top * widthPx + left]! * (1 - fx) + source[top * widthPx + right]! * fx;
      const lower = source[below * widthPx + left]! * (1 - fx) + source[below * widthPx + right]! * fx;
      const grey = luma * (upper * (1 - fy) + lower * fy - 16);
      const chroma = (Math.round(y) >> 1) * chromaWidth + (Math.round(x) >> 1);
      const du = source[uPlane + chroma]! - 128;
      const dv = source[vPlane + chroma]! - 128;
      data[out++] = grey + redV * dv;
      data[out++] = grey + greenU * du + greenV * dv;
      data[out++] = grey + blueU * du;
    }
  }
}

const clamped = (position: number, size: number): number => Math.min(size - 1, Math.max(0, position));
