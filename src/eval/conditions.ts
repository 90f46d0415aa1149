import { alignedCrop, centralSquare, sampleCrop } from './crop.js';
import { blurred, brightened, gammaAdjusted, jpegCompressed, noisy, rotated } from './degrade.js';
import type { GrayImage } from './gray-image.js';
import { resized } from './resize.js';

/** One kind of degradation and the values it is measured at. */
export interface Degradation {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** The value that changes nothing, where there is one. */
  readonly unchanged: number | null;
  /**
   * @param source - the picture as it was given
   * @param crop - its crop as the network takes it
   * @param seed - differs from picture to picture
   */
  apply(source: GrayImage, crop: GrayImage, value: number, seed: number): GrayImage | Promise<GrayImage>;
}

/** A face of this many pixels, from the given picture, then sampled to the network's crop as the product samples a frame. */
async function atFaceSize(source: GrayImage, crop: GrayImage, sizePx: number): Promise<GrayImage> {
  const square = sampleSquare(source);
  const face = square.widthPx === sizePx ? square : await resized(square, sizePx);
  return sampleCrop(face, centralSquare(face), crop.widthPx);
}

/** The central square at the picture's own resolution. */
function sampleSquare(source: GrayImage): GrayImage {
  return alignedCrop(source, Math.min(source.widthPx, source.heightPx));
}

/** What `--robustness` measures. All but the face size act on the crop, so that their pixels are those of the network. */
export const DEGRADATIONS: readonly Degradation[] = [
  {
    id: 'face-size',
    title: 'Face size',
    unit: 'px',
    values: [24, 32, 48, 64, 112],
    unchanged: null,
    apply: (source, crop, value) => atFaceSize(source, crop, value),
  },
  {
    id: 'blur',
    title: 'Gaussian blur',
    unit: 'px sigma',
    values: [0.5, 1, 2, 3],
    unchanged: 0,
    apply: (_, crop, value) => blurred(crop, value),
  },
  {
    id: 'jpeg',
    title: 'JPEG quality',
    unit: 'of 100',
    values: [10, 20, 40, 70],
    unchanged: null,
    apply: (_, crop, value) => jpegCompressed(crop, value),
  },
  {
    id: 'rotation',
    title: 'Rotation',
    unit: 'degrees',
    values: [-30, -20, -10, 0, 10, 20, 30],
    unchanged: 0,
    apply: (_, crop, value) => rotated(crop, value),
  },
  {
    id: 'brightness',
    title: 'Brightness',
    unit: 'times',
    values: [0.4, 0.6, 0.8, 1, 1.25, 1.5, 2],
    unchanged: 1,
    apply: (_, crop, value) => brightened(crop, value),
  },
  {
    id: 'gamma',
    title: 'Gamma',
    unit: 'exponent',
    values: [0.4, 0.6, 0.8, 1, 1.25, 1.5, 2],
    unchanged: 1,
    apply: (_, crop, value) => gammaAdjusted(crop, value),
  },
  {
    id: 'noise',
    title: 'Gaussian noise',
    unit: 'of 255 sigma',
    values: [5, 10, 20],
    unchanged: 0,
    apply: (_, crop, value, seed) => noisy(crop, value, seed),
  },
];
