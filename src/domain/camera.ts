/** Focal length in pixels assumed when the camera is unknown: OpenFace 2's rule (500 px at 640 × 480, scaled). */
export function assumedFocalPx(frame: { readonly widthPx: number; readonly heightPx: number }): number {
  return (500 * (frame.widthPx / 640) + 500 * (frame.heightPx / 480)) / 2;
}
