import { yuv420pBytes } from '../domain/frame.js';

/** A picture size with both sides even, as H.264 in yuv420p requires. */
export function evenSize(size: { readonly widthPx: number; readonly heightPx: number }): {
  readonly widthPx: number;
  readonly heightPx: number;
} {
  return { widthPx: size.widthPx + (size.widthPx & 1), heightPx: size.heightPx + (size.heightPx & 1) };
}

/**
 * Copies yuv420p planes into `target`, which is of the even size: an odd width or height gains one column or row of
 * luma that repeats the last. Chroma is the same, since its planes are rounded up already.
 */
export function copyEven(
  source: { readonly widthPx: number; readonly heightPx: number; readonly data: Uint8Array },
  target: Uint8Array,
): void {
  const { widthPx, heightPx, data } = source;
  const even = evenSize(source);
  if (even.widthPx === widthPx && even.heightPx === heightPx) {
    target.set(data);
    return;
  }
  for (let row = 0; row < even.heightPx; row++) {
    const from = Math.min(row, heightPx - 1) * widthPx;
    target.set(data.subarray(from, from + widthPx), row * even.widthPx);
    if (even.widthPx > widthPx) target[row * even.widthPx + widthPx] = data[from + widthPx - 1]!;
  }
  target.set(data.subarray(widthPx * heightPx, yuv420pBytes(widthPx, heightPx)), even.widthPx * even.heightPx);
}
