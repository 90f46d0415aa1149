import sharp from 'sharp';
import { mulberry32 } from '../statistics/random.js';
import { type GrayImage, sampleAt } from './gray-image.js';
import { grayOf, opened } from './resize.js';

const DEGREE = Math.PI / 180;

function mapped(image: GrayImage, value: (gray: number) => number): GrayImage {
  return { ...image, data: Uint8Array.from(image.data, (gray) => Math.min(255, Math.max(0, Math.round(value(gray))))) };
}

/**
 * Gaussian blur; sigma in pixels; border repeated. Not sharp's, which leaves out weights below a fifth of the middle one:
 * a sigma of 0.5 would change nothing.
 */
export function blurred(image: GrayImage, sigmaPx: number): GrayImage {
  const { widthPx, heightPx, data } = image;
  const radius = Math.ceil(4 * sigmaPx);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, at) => Math.exp(-(((at - radius) / sigmaPx) ** 2) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const convolved = (source: ArrayLike<number>, dx: number, dy: number): Float64Array =>
    Float64Array.from({ length: widthPx * heightPx }, (_, at) => {
      const [x, y] = [at % widthPx, Math.floor(at / widthPx)];
      let sum = 0;
      for (const [tap, weight] of weights.entries()) {
        const column = Math.min(widthPx - 1, Math.max(0, x + dx * (tap - radius)));
        const row = Math.min(heightPx - 1, Math.max(0, y + dy * (tap - radius)));
        sum += weight * source[row * widthPx + column]!;
      }
      return sum / total;
    });
  const both = convolved(convolved(data, 1, 0), 0, 1);
  return { widthPx, heightPx, data: Uint8Array.from(both, Math.round) };
}

/** Written as JPEG and read again. */
export async function jpegCompressed(image: GrayImage, quality: number): Promise<GrayImage> {
  return grayOf(sharp(await opened(image).jpeg({ quality }).toBuffer()));
}

/** Turned clockwise about its centre; what comes from outside repeats the border. */
export function rotated(image: GrayImage, degrees: number): GrayImage {
  const { widthPx, heightPx } = image;
  const [cos, sin] = [Math.cos(degrees * DEGREE), Math.sin(degrees * DEGREE)];
  const [cx, cy] = [(widthPx - 1) / 2, (heightPx - 1) / 2];
  const data = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const [dx, dy] = [x - cx, y - cy];
      data[y * widthPx + x] = Math.round(sampleAt(image, cx + cos * dx + sin * dy, cy - sin * dx + cos * dy));
    }
  }
  return { widthPx, heightPx, data };
}

/** Multiplied, as by a longer exposure; clipped at white. */
export function brightened(image: GrayImage, factor: number): GrayImage {
  return mapped(image, (value) => value * factor);
}

/** Raised to a power over 0..1: above 1 darkens the middle, below 1 lightens it. */
export function gammaAdjusted(image: GrayImage, gamma: number): GrayImage {
  return mapped(image, (value) => 255 * (value / 255) ** gamma);
}

/** Independent Gaussian noise on every pixel; sigma in gray levels. The same seed gives the same noise. */
export function noisy(image: GrayImage, sigma: number, seed: number): GrayImage {
  const uniform = mulberry32(seed);
  // Box-Muller; 1 - u avoids the logarithm of 0.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return mapped(image, (value) => value + sigma * normal());
}
