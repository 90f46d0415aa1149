export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Pure: the size shrunk, never enlarged, so that the longer side is at most `maxSidePx`; both sides even, at least 2. */
export function fitInside({ widthPx, heightPx, maxSidePx }: PictureSize & { readonly maxSidePx: number }): PictureSize {
  const scale = Math.min(1, (2 * Math.floor(maxSidePx / 2)) / Math.max(widthPx, heightPx));
  const even = (length: number) => 2 * Math.max(1, Math.trunc((length * scale + 0.01) / 2));
  return { widthPx: even(widthPx), heightPx: even(heightPx) };
}
