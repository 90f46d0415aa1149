/** A canvas ready to draw on in CSS pixels, cleared. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

/** Sharpest screen that is drawn for. */
const MAX_RATIO = 3;

/** Clears a canvas of this size on the page (CSS pixels) at the screen's resolution; null while it has none. */
export function prepareSurface(
  canvas: HTMLCanvasElement,
  size: { readonly width: number; readonly height: number },
): Surface | null {
  const context = canvas.getContext('2d');
  if (size.width === 0 || size.height === 0 || !context) return null;
  const ratio = Math.max(1, Math.min(MAX_RATIO, window.devicePixelRatio || 1));
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.lineJoin = 'round';
  context.textBaseline = 'middle';
  context.font = '11px system-ui, sans-serif';
  return { context, width: size.width, height: size.height };
}
