import sharp, { type Sharp } from 'sharp';
import type { GrayImage } from './gray-image.js';

/** The picture in sharp. */
export const opened = ({ widthPx, heightPx, data }: GrayImage) =>
  sharp(data, { raw: { width: widthPx, height: heightPx, channels: 1 } });

/** What sharp makes, as a gray picture. */
export async function grayOf(pipeline: Sharp): Promise<GrayImage> {
  const { data, info } = await pipeline.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, data: new Uint8Array(data) };
}

/** Square picture of another size: bicubic, with the low-pass that shrinking needs. */
export function resized(image: GrayImage, sizePx: number): Promise<GrayImage> {
  return grayOf(opened(image).resize(sizePx, sizePx, { kernel: 'cubic', fit: 'fill' }));
}

/** The picture shrunk so that its longer side has at most `mostPx`; itself when it has. */
export async function fitWithin(image: GrayImage, mostPx: number): Promise<GrayImage> {
  if (Math.max(image.widthPx, image.heightPx) <= mostPx) return image;
  return grayOf(opened(image).resize(mostPx, mostPx, { kernel: 'cubic', fit: 'inside' }));
}
