/** A gray picture, full range 0..255, row by row without padding. */
export interface GrayImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** The picture as a mirror shows it. */
export function mirrored(image: GrayImage): GrayImage {
  const { widthPx, heightPx } = image;
  const data = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) data[y * widthPx + x] = image.data[y * widthPx + widthPx - 1 - x]!;
  }
  return { widthPx, heightPx, data };
}

/** Bilinear value at pixel centres' coordinates (the first pixel's centre is 0, 0); outside, the border is repeated. */
export function sampleAt(image: GrayImage, x: number, y: number): number {
  const { widthPx, heightPx, data } = image;
  const xIn = Math.min(Math.max(x, 0), widthPx - 1);
  const yIn = Math.min(Math.max(y, 0), heightPx - 1);
  const x0 = Math.floor(xIn);
  const y0 = Math.floor(yIn);
  const x1 = Math.min(x0 + 1, widthPx - 1);
  const y1 = Math.min(y0 + 1, heightPx - 1);
  const top = data[y0 * widthPx + x0]! * (1 - xIn + x0) + data[y0 * widthPx + x1]! * (xIn - x0);
  const bottom = data[y1 * widthPx + x0]! * (1 - xIn + x0) + data[y1 * widthPx + x1]! * (xIn - x0);
  return top * (1 - yIn + y0) + bottom * (yIn - y0);
}
