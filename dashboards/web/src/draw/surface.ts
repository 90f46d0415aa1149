/** A canvas ready to draw on in CSS pixels, cleared. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

/** Sizes of canvases, kept by an observer: reading them while drawing would force a layout. */
const sizes = new WeakMap<Element, { readonly width: number; readonly height: number }>();
const changed = new WeakMap<Element, () => void>();
let observer: ResizeObserver | undefined;

/** Follows the size of a canvas; `onResize` is called after each change. */
export function watchSize(canvas: HTMLCanvasElement, onResize: () => void = () => undefined): void {
  observer ??= new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      sizes.set(target, { width: contentRect.width, height: contentRect.height });
      changed.get(target)?.();
    }
  });
  changed.set(canvas, onResize);
  observer.observe(canvas);
}

/** Stops following a canvas that is taken out of the page. */
export function unwatchSize(canvas: HTMLCanvasElement): void {
  observer?.unobserve(canvas);
}

/** The surface of a watched canvas; null while it has no size. */
export function surfaceOf(canvas: HTMLCanvasElement): Surface | null {
  const size = sizes.get(canvas);
  const context = canvas.getContext('2d');
  if (!size || size.width === 0 || size.height === 0 || !context) return null;
  const ratio = Math.max(1, Math.min(2, window.devicePixelRatio || 1));
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
