import { prepareSurface, type Surface } from '../../shared/surface.js';
import type { Series } from './series.js';
import type { View } from './view-state.js';

/** A canvas over time: `x` from seconds, colours of the theme by name. */
export interface PlotSurface extends Surface {
  readonly x: (seconds: number) => number;
  readonly colour: (name: string) => string;
}

/** Pixels down from a value. */
export type Scale = (value: number) => number;

export interface Line {
  readonly series: Series;
  readonly values: Float32Array;
  readonly view: Readonly<View>;
  readonly y: Scale;
  readonly colour: string;
  /** @default 1.5 */
  readonly width?: number;
  /** @default none */
  readonly dash?: readonly number[];
}

export interface Band extends Omit<Line, 'values' | 'width' | 'dash'> {
  readonly low: Float32Array | number;
  readonly high: Float32Array;
  readonly alpha: number;
}

/** A canvas made ready for the window of time shown; null while it has no size (its section is closed). */
export function surfaceOf(canvas: HTMLCanvasElement, view: Readonly<View>): PlotSurface | null {
  const surface = prepareSurface(canvas, { width: canvas.clientWidth, height: canvas.clientHeight });
  if (!surface) return null;
  const style = getComputedStyle(canvas);
  return {
    ...surface,
    x: (seconds) => ((seconds - view.from) / (view.to - view.from)) * surface.width,
    colour: (name) => style.getPropertyValue(`--${name}`).trim(),
  };
}

/** Calls `each` with the first and last bucket of every unbroken stretch that has values and touches the window. */
export function eachRun(
  { times, gapSeconds }: Series,
  values: Float32Array,
  view: Readonly<View>,
  each: (first: number, last: number) => void,
): void {
  const margin = gapSeconds + (view.to - view.from) * 0.01;
  let first = -1;
  let last = -1;
  const end = (): void => {
    if (first >= 0) each(first, last);
    first = -1;
  };
  for (let at = 0; at < times.length; at++) {
    if (times[at] < view.from - margin) continue;
    if (times[at] > view.to + margin) break;
    if (Number.isNaN(values[at])) {
      end();
      continue;
    }
    if (first >= 0 && times[at] - times[last] > gapSeconds) end();
    if (first < 0) first = at;
    last = at;
  }
  end();
}

/** A line through `values`, broken at gaps. */
export function drawLine(surface: PlotSurface, line: Line): void {
  const { series, values, view, y, colour, width = 1.5, dash = [] } = line;
  const { context, x } = surface;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash([...dash]);
  eachRun(series, values, view, (first, last) => {
    context.beginPath();
    context.moveTo(x(series.times[first]) - (first === last ? 1 : 0), y(values[first]));
    for (let at = first; at <= last; at++) context.lineTo(x(series.times[at]), y(values[at]));
    context.stroke();
  });
  context.setLineDash([]);
}

/** The area between `low` and `high`, broken at gaps. */
export function drawBand(surface: PlotSurface, band: Band): void {
  const { series, low, high, view, y, colour, alpha } = band;
  const { context, x } = surface;
  context.fillStyle = colour;
  context.globalAlpha = alpha;
  eachRun(series, high, view, (first, last) => {
    context.beginPath();
    for (let at = first; at <= last; at++) context.lineTo(x(series.times[at]), y(high[at]));
    for (let at = last; at >= first; at--)
      context.lineTo(x(series.times[at]), y(typeof low === 'number' ? low : low[at]));
    context.fill();
  });
  context.globalAlpha = 1;
}

/** Horizontal guide lines with their labels at the left edge. */
export function drawGuides(
  { context, width, height, colour }: PlotSurface,
  { marks, y }: { readonly marks: readonly { readonly at: number; readonly text: string }[]; readonly y: Scale },
): void {
  context.strokeStyle = colour('line');
  context.fillStyle = colour('muted');
  context.lineWidth = 1;
  context.textAlign = 'left';
  for (const { at, text } of marks) {
    const level = Math.round(y(at)) + 0.5;
    context.beginPath();
    context.moveTo(0, level);
    context.lineTo(width, level);
    context.stroke();
    context.fillText(text, 2, level + (level < height / 2 ? 8 : -7));
  }
}

/** Marks the time for which a series has no value with a hatch. */
export function drawMissing(
  { context, width, height, x, colour }: PlotSurface,
  { series, values, view }: Pick<Line, 'series' | 'values' | 'view'>,
): void {
  context.fillStyle = colour('hatch');
  context.fillRect(0, 0, width, height);
  context.strokeStyle = colour('line');
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -height; at < width; at += 7) {
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
  }
  context.stroke();
  context.fillStyle = colour('plot');
  eachRun(series, values, view, (first, last) => {
    const left = x(series.times[first]);
    context.fillRect(left, 0, Math.max(1, x(series.times[last]) - left), height);
  });
}
