import { prepareSurface, type Surface } from '../../../shared/surface.js';

export type { Surface } from '../../../shared/surface.js';

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
  return size ? prepareSurface(canvas, size) : null;
}
