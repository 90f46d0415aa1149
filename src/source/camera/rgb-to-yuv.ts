import { LUMA_WEIGHTS, matrixOf } from '../../domain/colour.js';
import { yuv420pBytes } from '../../domain/frame.js';
import type { RgbPicture } from './jpeg-frame.js';

const SHIFT = 16;
const ONE = 2 ** SHIFT;

/**
 * Pure: full-range RGB to planar yuv420p in limited range (luma 16 to 235, chroma 16 to 240), chroma averaged over
 * 2×2 pixels; the matrix is that of an unmarked frame of this size (`matrixOf`).
 *
 * @param picture - even width and height
 * @param yuv - of yuv420pBytes(width, height); throws RangeError otherwise
 */
export function rgbToYuv420p({ widthPx, heightPx, rgb }: RgbPicture, yuv: Uint8Array): void {
  if (widthPx % 2 !== 0 || heightPx % 2 !== 0 || yuv.length !== yuv420pBytes(widthPx, heightPx)) {
    throw new RangeError(`a ${widthPx}x${heightPx} picture does not fit ${yuv.length} bytes of yuv420p`);
  }
  const { red, blue } = LUMA_WEIGHTS[matrixOf({ widthPx, heightPx })];
  const green = 1 - red - blue;
  const fixed = (value: number) => Math.round(value * ONE);
  const luma = 219 / 255;
  const [lumaRed, lumaGreen, lumaBlue] = [fixed(luma * red), fixed(luma * green), fixed(luma * blue)];
  // Sums over four pixels: hence the quarter.
  const uScale = 224 / 255 / 2 / (1 - blue) / 4;
  const vScale = 224 / 255 / 2 / (1 - red) / 4;
  const [uRed, uGreen, uBlue] = [fixed(-red * uScale), fixed(-green * uScale), fixed((1 - blue) * uScale)];
  const [vRed, vGreen, vBlue] = [fixed((1 - red) * vScale), fixed(-green * vScale), fixed(-blue * vScale)];
  const half = ONE / 2;
  const row = widthPx * 3;
  let u = widthPx * heightPx;
  let v = u + (widthPx / 2) * (heightPx / 2);
  for (let y = 0; y < heightPx; y += 2) {
    let upper = y * widthPx;
    let lower = upper + widthPx;
    for (let at = y * row, end = at + row; at < end; at += 6) {
      const below = at + row;
      const [r0, g0, b0] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
      const [r1, g1, b1] = [rgb[at + 3]!, rgb[at + 4]!, rgb[at + 5]!];
      const [r2, g2, b2] = [rgb[below]!, rgb[below + 1]!, rgb[below + 2]!];
      const [r3, g3, b3] = [rgb[below + 3]!, rgb[below + 4]!, rgb[below + 5]!];
      yuv[upper++] = 16 + ((lumaRed * r0 + lumaGreen * g0 + lumaBlue * b0 + half) >> SHIFT);
      yuv[upper++] = 16 + ((lumaRed * r1 + lumaGreen * g1 + lumaBlue * b1 + half) >> SHIFT);
      yuv[lower++] = 16 + ((lumaRed * r2 + lumaGreen * g2 + lumaBlue * b2 + half) >> SHIFT);
      yuv[lower++] = 16 + ((lumaRed * r3 + lumaGreen * g3 + lumaBlue * b3 + half) >> SHIFT);
      const reds = r0 + r1 + r2 + r3;
      const greens = g0 + g1 + g2 + g3;
      const blues = b0 + b1 + b2 + b3;
      yuv[u++] = 128 + ((uRed * reds + uGreen * greens + uBlue * blues + half) >> SHIFT);
      yuv[v++] = 128 + ((vRed * reds + vGreen * greens + vBlue * blues + half) >> SHIFT);
    }
  }
}
