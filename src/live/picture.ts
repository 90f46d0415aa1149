import { type ColourMatrix, yuvToRgbFactors } from '../domain/colour.js';
import type { Box } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';

/** An RGB picture, 3 bytes a pixel, row by row. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8ClampedArray;
}

/** Cells across a hidden face: too few to know a person by. */
const CELLS = 6;
/** Added around a face's box on each side before it is hidden, as a share of its longer side: hair and ears. */
const HIDE_MARGIN = 0.35;

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

/** Hides faces: each box, widened, becomes a few flat cells of its mean colours. Changes the picture in place. */
export function hideFaces(
  picture: Picture,
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

function flatten({ data, widthPx }: Picture, { left, top, right, bottom }: Edges): void {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    const end = (y * widthPx + right) * 3;
    for (let at = (y * widthPx + left) * 3; at < end; at += 3) {
      red += data[at]!;
      green += data[at + 1]!;
      blue += data[at + 2]!;
    }
  }
  const count = (bottom - top) * (right - left);
  [red, green, blue] = [red / count, green / count, blue / count];
  for (let y = top; y < bottom; y++) {
    const end = (y * widthPx + right) * 3;
    for (let at = (y * widthPx + left) * 3; at < end; at += 3) {
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    }
  }
}
