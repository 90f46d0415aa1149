import { type GrayImage, sampleAt } from './gray-image.js';

/** Row-major 2×3 matrix from crop unit coordinates to picture pixels, as the face stages make them. */
export type CropMatrix = ArrayLike<number>;

/** Samples per pixel and axis, averaged: 144 a side, at most three a pixel, as the run-time graph of mien-affect takes (models/convert/runtime-graphs.ts). */
const samplesPerPixel = (sizePx: number): number => Math.max(1, Math.min(3, Math.round(144 / sizePx)));

/**
 * A square crop of a picture, sampled as the run-time graph samples frames: bilinear, the samples of a pixel averaged, border repeated outside, rounded to bytes. Here the picture is full range already.
 */
export function sampleCrop(image: GrayImage, matrix: CropMatrix, sizePx: number): GrayImage {
  const [a, b, c, d, e, f] = [matrix[0]!, matrix[1]!, matrix[2]!, matrix[3]!, matrix[4]!, matrix[5]!];
  const each = samplesPerPixel(sizePx);
  const side = sizePx * each;
  const sums = new Float64Array(sizePx * sizePx);
  for (let row = 0; row < side; row++) {
    const v = (row + 0.5) / side;
    for (let column = 0; column < side; column++) {
      const u = (column + 0.5) / side;
      const at = Math.floor(row / each) * sizePx + Math.floor(column / each);
      sums[at] = sums[at]! + sampleAt(image, a * u + b * v + c - 0.5, d * u + e * v + f - 0.5);
    }
  }
  return {
    widthPx: sizePx,
    heightPx: sizePx,
    data: Uint8Array.from(sums, (sum) => Math.round(sum / each ** 2)),
  };
}

/** The largest centred square of a picture. */
export function centralSquare({ widthPx, heightPx }: GrayImage): CropMatrix {
  const side = Math.min(widthPx, heightPx);
  return [side, 0, (widthPx - side) / 2, 0, side, (heightPx - side) / 2];
}

/** A picture that is an aligned face crop already, at the network's size: untouched when it has that size. */
export function alignedCrop(image: GrayImage, sizePx: number): GrayImage {
  if (image.widthPx === sizePx && image.heightPx === sizePx) return image;
  return sampleCrop(image, centralSquare(image), sizePx);
}
