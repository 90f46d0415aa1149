import { type Frame, type Turn, yuv420pBytes } from '../domain/frame.js';

/** A copy of a frame, turned clockwise. */
export function turnFrame(frame: Frame, turn: Turn): Frame {
  if (turn === 0) return frame;
  const { widthPx, heightPx } = frame;
  const swapped = turn !== 180;
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx)));
  const [chromaWidth, chromaHeight] = [(widthPx + 1) >> 1, (heightPx + 1) >> 1];
  let at = 0;
  for (const [width, height] of [
    [widthPx, heightPx],
    [chromaWidth, chromaHeight],
    [chromaWidth, chromaHeight],
  ] as const) {
    turnPlane(frame.data.subarray(at, at + width * height), data.subarray(at), { width, height, turn });
    at += width * height;
  }
  return { ...frame, widthPx: swapped ? heightPx : widthPx, heightPx: swapped ? widthPx : heightPx, data };
}

function turnPlane(
  from: Uint8Array,
  to: Uint8Array,
  { width, height, turn }: { readonly width: number; readonly height: number; readonly turn: 90 | 180 | 270 },
): void {
  for (let y = 0, read = 0; y < height; y++) {
    // Where the pixels of this row go: a place, and a step from each to the next.
    const [start, step] = {
      90: [height - 1 - y, height],
      180: [(height - y) * width - 1, -1],
      270: [(width - 1) * height + y, -height],
    }[turn] as [number, number];
    for (let x = 0, write = start; x < width; x++, write += step) to[write] = from[read++]!;
  }
}
