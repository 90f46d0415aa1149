import { h } from '../../shared/element.js';
import type { PlotSurface } from './canvas.js';

/** One plot: a caption with the values under the cursor, and a canvas. */
export interface Plot {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly draw: (surface: PlotSurface) => void;
  /** What the caption says of a bucket; -1: there is none under the cursor. */
  readonly value: (bucket: number) => string;
  readonly values: HTMLElement;
}

export interface PlotOptions {
  readonly title: string;
  /** Names its style. */
  readonly kind: string;
  readonly note?: string;
  readonly draw: Plot['draw'];
  /** @default nothing */
  readonly value?: Plot['value'];
  /** Lies over the canvas. */
  readonly over?: HTMLElement;
}

export function createPlot({ title, kind, note, draw, value = () => '', over }: PlotOptions): Plot {
  const canvas = h('canvas', { attributes: { 'aria-hidden': 'true' } });
  const values = h('span', { className: 'plot-values' });
  const heading = h('span', { className: 'plot-title', text: title });
  if (note) heading.append(h('span', { className: 'plot-note', text: note }));
  const root = h('div', {
    className: `plot plot-${kind}`,
    children: [
      h('div', { className: 'plot-head', children: [heading, values] }),
      over ? h('div', { className: 'plot-over', children: [canvas, over] }) : canvas,
    ],
  });
  return { root, canvas, draw, value, values };
}
