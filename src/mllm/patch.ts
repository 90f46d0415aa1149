import type { Frame } from '../domain/frame.js';
import type { TurnedSquare } from './face-square.js';

/** A yuv420p picture, as a frame holds it. */
export type Planes = Pick<Frame, 'widthPx' | 'heightPx'> & { readonly data: Uint8Array };

export interface Patch {
  readonly planes: Planes;
  /** The square in the patch's own pixels. */
  readonly square: TurnedSquare;
}

/** Pixels around the square: sampling looks at the next one, chroma at the nearest of half the resolution. */
const BORDER = 3;

/**
 * Copies what a square of the frame shows, so that the frame can be let go while the square is still being sampled.
 * The copy ends with the frame; where it does not, nothing outside it is looked at.
 */
export function copyPatch(frame: Planes, square: TurnedSquare): Patch {
  const { widthPx, heightPx, data } = frame;
  const reach = (square.sidePx / 2) * (Math.abs(Math.cos(square.angle)) + Math.abs(Math.sin(square.angle))) + BORDER;
  const left = firstOf(square.centre.x - reach, widthPx);
  const top = firstOf(square.centre.y - reach, heightPx);
  const width = Math.min(widthPx, Math.max(left + 2, Math.ceil(square.centre.x + reach))) - left;
  const height = Math.min(heightPx, Math.max(top + 2, Math.ceil(square.centre.y + reach))) - top;
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const copy = new Uint8Array(width * height + 2 * half.width * half.height);
  let to = 0;
  const rows = (from: number, stride: number, size: { width: number; height: number }): void => {
    for (let row = 0; row < size.height; row++, to += size.width) {
      copy.set(data.subarray(from + row * stride, from + row * stride + size.width), to);
    }
  };
  rows(top * widthPx + left, widthPx, { width, height });
  const chromaWidth = Math.ceil(widthPx / 2);
  const chroma = (top / 2) * chromaWidth + left / 2;
  rows(widthPx * heightPx + chroma, chromaWidth, half);
  rows(widthPx * heightPx + chromaWidth * Math.ceil(heightPx / 2) + chroma, chromaWidth, half);
  return {
    planes: { widthPx: width, heightPx: height, data: copy },
    square: { ...square, centre: { x: square.centre.x - left, y: square.centre.y - top } },
  };
}

/** The even pixel at or before a position, at most the last even one of the frame: chroma stays where it was. */
const firstOf = (position: number, size: number): number =>
  2 * Math.floor(Math.min(Math.max(0, position), size - 1) / 2);
