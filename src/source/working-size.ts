export interface WorkingSize {
  /** Size as shown: square pixels, upright. */
  readonly sourceWidthPx: number;
  readonly sourceHeightPx: number;
  /** Size frames are delivered in: the shown size, shrunk so that its longer side is at most the limit. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Size as shown and as delivered, from the coded size, the shape of a pixel (width : height) and the rotation.
 * Non-square pixels are stretched, never squeezed, so that no detail is lost. Frames are never enlarged beyond that.
 */
export function workingSize(input: {
  readonly codedWidthPx: number;
  readonly codedHeightPx: number;
  readonly pixelAspect: number;
  readonly rotationDegrees: number;
  readonly maxSidePx: number;
}): WorkingSize {
  const { codedWidthPx, codedHeightPx, pixelAspect, rotationDegrees, maxSidePx } = input;
  const width = pixelAspect > 1 ? Math.round(codedWidthPx * pixelAspect) : codedWidthPx;
  const height = pixelAspect < 1 ? Math.round(codedHeightPx / pixelAspect) : codedHeightPx;
  const turned = Math.abs(rotationDegrees) % 180 === 90;
  const [shownWidth, shownHeight] = turned ? [height, width] : [width, height];
  const scale = Math.min(1, maxSidePx / Math.max(shownWidth, shownHeight));
  return {
    sourceWidthPx: shownWidth,
    sourceHeightPx: shownHeight,
    widthPx: Math.max(1, Math.round(shownWidth * scale)),
    heightPx: Math.max(1, Math.round(shownHeight * scale)),
  };
}
