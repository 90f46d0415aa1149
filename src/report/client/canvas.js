/** @import { Series } from './decode.js' */
/** @import { View } from './view-state.js' */

/**
 * A prepared canvas: sizes in CSS pixels, `x` from seconds.
 * @typedef {{ context: CanvasRenderingContext2D, width: number, height: number, x: (seconds: number) => number, colour: (name: string) => string }} Surface
 */

/**
 * Clears a canvas and makes it ready to draw in CSS pixels at the screen's resolution.
 * @param {HTMLCanvasElement} canvas
 * @param {Readonly<View>} view
 * @returns {Surface | null} null while the canvas has no size (its section is closed)
 */
export function surfaceOf(canvas, view) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const context = canvas.getContext('2d');
  if (width === 0 || height === 0 || !context) return null;
  const ratio = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.lineJoin = 'round';
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  const style = getComputedStyle(canvas);
  return {
    context,
    width,
    height,
    x: (seconds) => ((seconds - view.from) / (view.to - view.from)) * width,
    colour: (name) => style.getPropertyValue(`--${name}`).trim(),
  };
}

/**
 * Calls `each` with the first and last bucket of every unbroken stretch that has values and touches the window.
 * @param {Series} series
 * @param {Float32Array} values
 * @param {Readonly<View>} view
 * @param {(first: number, last: number) => void} each
 */
export function eachRun(series, values, view, each) {
  const { times, gapSeconds } = series;
  const margin = gapSeconds + (view.to - view.from) * 0.01;
  let first = -1;
  let last = -1;
  const end = () => {
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

/**
 * A line through `values`, broken at gaps.
 * @param {Surface} surface
 * @param {{ series: Series, values: Float32Array, view: Readonly<View>, y: (value: number) => number, colour: string, width?: number, dash?: number[] }} options
 */
export function drawLine(surface, { series, values, view, y, colour, width = 1.5, dash = [] }) {
  const { context, x } = surface;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  eachRun(series, values, view, (first, last) => {
    context.beginPath();
    context.moveTo(x(series.times[first]) - (first === last ? 1 : 0), y(values[first]));
    for (let at = first; at <= last; at++) context.lineTo(x(series.times[at]), y(values[at]));
    context.stroke();
  });
  context.setLineDash([]);
}

/**
 * The area between `low` and `high`, broken at gaps.
 * @param {Surface} surface
 * @param {{ series: Series, low: Float32Array | number, high: Float32Array, view: Readonly<View>, y: (value: number) => number, colour: string, alpha: number }} options
 */
export function drawBand(surface, { series, low, high, view, y, colour, alpha }) {
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

/**
 * Horizontal guide lines with their labels at the left edge.
 * @param {Surface} surface
 * @param {{ marks: { at: number, text: string }[], y: (value: number) => number }} options
 */
export function drawGuides({ context, width, height, colour }, { marks, y }) {
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

/**
 * Marks the time for which a series has no value with a hatch.
 * @param {Surface} surface
 * @param {{ series: Series, values: Float32Array, view: Readonly<View> }} options
 */
export function drawMissing({ context, width, height, x, colour }, { series, values, view }) {
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
