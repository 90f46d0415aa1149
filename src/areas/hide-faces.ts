import type { Box } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';

/** Pixels of one or several channels, row by row. */
export interface Pixels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8ClampedArray | Uint8Array;
  /** Where the first pixel is. @default 0 */
  readonly offset?: number;
  /** Bytes a pixel. @default 3 */
  readonly channels?: number;
}

/** Cells across a hidden face: too few to know a person by. */
const CELLS = 6;
/** Added around a face's box on each side before it is hidden, as a share of its longer side: hair and ears. */
const HIDE_MARGIN = 0.35;

/** Hides faces: each box, widened, becomes a few flat cells of its mean colours. Changes the picture in place. */
export function hideFaces(
  picture: Pixels,
  boxes: readonly Box<'frame'>[],
  frame: { readonly widthPx: number; readonly heightPx: number },
): void {
  const scaleX = picture.widthPx / frame.widthPx;
  const scaleY = picture.heightPx / frame.heightPx;
  for (const box of together(boxes)) {
    const margin = Math.max(box.right - box.left, box.bottom - box.top) * HIDE_MARGIN;
    const left = Math.max(0, Math.floor((box.left - margin) * scaleX));
    const top = Math.max(0, Math.floor((box.top - margin) * scaleY));
    const right = Math.min(picture.widthPx, Math.ceil((box.right + margin) * scaleX));
    const bottom = Math.min(picture.heightPx, Math.ceil((box.bottom + margin) * scaleY));
    const side = Math.max(4, Math.ceil(Math.max(right - left, bottom - top) / CELLS));
    for (let y = top; y < bottom; y += side) {
      for (let x = left; x < right; x += side) {
        flatten(picture, { left: x, top: y, right: Math.min(right, x + side), bottom: Math.min(bottom, y + side) });
      }
    }
  }
}

type Edges = Pick<Box<'frame'>, 'left' | 'top' | 'right' | 'bottom'>;

/** How much larger than its largest box an area may be: a face that walks does not hide its whole way as one. */
const MOST_GROWTH = 1.5;
const areaOf = ({ left, top, right, bottom }: Edges): number => (right - left) * (bottom - top);

/**
 * Areas that cover all boxes, few where many are of a face that hardly moves: boxes of a second are of thirty frames, and
 * hiding is paid for by the pixel.
 */
export function together(boxes: readonly Edges[]): Edges[] {
  const areas: { edges: Edges; largest: number }[] = [];
  for (const box of boxes) {
    const size = areaOf(box);
    const joined = ({ edges: { left, top, right, bottom } }: { readonly edges: Edges }): Edges => ({
      left: Math.min(left, box.left),
      top: Math.min(top, box.top),
      right: Math.max(right, box.right),
      bottom: Math.max(bottom, box.bottom),
    });
    const found = areas.find((each) => areaOf(joined(each)) <= MOST_GROWTH * Math.max(each.largest, size));
    if (found) {
      found.edges = joined(found);
      found.largest = Math.max(found.largest, size);
    } else areas.push({ edges: box, largest: size });
  }
  return areas.map(({ edges }) => edges);
}

function flatten({ data, widthPx, offset = 0, channels = 3 }: Pixels, { left, top, right, bottom }: Edges): void {
  const count = (bottom - top) * (right - left);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    const start = offset + channel;
    for (let y = top; y < bottom; y++) {
      const end = start + (y * widthPx + right) * channels;
      for (let at = start + (y * widthPx + left) * channels; at < end; at += channels) sum += data[at]!;
    }
    const mean = sum / count;
    for (let y = top; y < bottom; y++) {
      const end = start + (y * widthPx + right) * channels;
      for (let at = start + (y * widthPx + left) * channels; at < end; at += channels) data[at] = mean;
    }
  }
}

/** Hides faces in a yuv420p frame, in place. */
export function hideFacesInFrame(frame: Frame, boxes: readonly Box<'frame'>[]): void {
  const { widthPx, heightPx, data } = frame;
  const chroma = { widthPx: Math.ceil(widthPx / 2), heightPx: Math.ceil(heightPx / 2), data, channels: 1 };
  const luma = widthPx * heightPx;
  hideFaces({ widthPx, heightPx, data, channels: 1 }, boxes, frame);
  hideFaces({ ...chroma, offset: luma }, boxes, frame);
  hideFaces({ ...chroma, offset: luma + chroma.widthPx * chroma.heightPx }, boxes, frame);
}
