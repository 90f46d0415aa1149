import type { PlotSurface } from './canvas.js';
import { drawBand, drawGuides, drawLine, drawMissing, eachRun } from './canvas.js';
import type { Series } from './series.js';
import { emotionsAt } from './series.js';
import type { View } from './view-state.js';

/** From the bottom of the stack upwards; neutral is the quiet remainder on top. */
const STACK_ORDER = ['happiness', 'surprise', 'fear', 'sadness', 'disgust', 'anger', 'contempt', 'neutral'];

/** Emotions as a stack that fills the height: at each time the bands add up to 100 %. */
export function drawStacked(
  surface: PlotSurface,
  { series, emotions, view }: { series: Series; emotions: readonly string[]; view: Readonly<View> },
) {
  const { context, width, height, colour } = surface;
  const values = emotionsAt(series, view.stage).mean;
  drawMissing(surface, { series, values: values[0], view });
  const y = (share: number) => height * (1 - share);
  let low = new Float32Array(series.times.length);
  for (const name of STACK_ORDER) {
    const channel = values[emotions.indexOf(name)];
    const high = low.map((base, at) => base + channel[at]);
    drawBand(surface, { series, low, high, view, y, colour: colour(name), alpha: name === 'neutral' ? 0.45 : 0.92 });
    nameBand(surface, { series, view, low, high, name });
    low = high;
  }
  context.strokeStyle = colour('plot');
  context.globalAlpha = 0.35;
  for (const share of [0.25, 0.5, 0.75]) context.strokeRect(-1, Math.round(y(share)) + 0.5, width + 2, 0);
  context.globalAlpha = 1;
}

/** Writes the name into each stretch where its band has room for it, so that colour is not the only key. */
function nameBand(
  { context, height, x, colour }: PlotSurface,
  {
    series,
    view,
    low,
    high,
    name,
  }: { series: Series; view: Readonly<View>; low: Float32Array; high: Float32Array; name: string },
) {
  context.font = '600 11px system-ui, sans-serif';
  context.textAlign = 'center';
  context.fillStyle = colour(`on-${name}`);
  const room = context.measureText(name).width + 10;
  const thickEnough = 18 / height;
  eachRun(series, high, view, (first, last) => {
    let from = -1;
    for (let at = first; at <= last + 1; at++) {
      const thick = at <= last && high[at] - low[at] >= thickEnough;
      if (thick && from < 0) from = at;
      if (thick || from < 0) continue;
      const left = Math.max(0, x(series.times[from]));
      const right = x(series.times[at - 1]);
      const middle = (from + at - 1) >> 1;
      from = -1;
      if (right - left >= room)
        context.fillText(name, (left + right) / 2, height * (1 - (low[middle] + high[middle]) / 2));
    }
  });
}

/** One row per emotion: the line is the chosen stage, the pale band behind it the spread of the raw readings. */
export function drawSeparate(
  surface: PlotSurface,
  { series, emotions, view }: { series: Series; emotions: readonly string[]; view: Readonly<View> },
) {
  const { context, height, colour } = surface;
  const values = emotionsAt(series, view.stage).mean;
  const { min, max } = emotionsAt(series, 'raw');
  drawMissing(surface, { series, values: values[0], view });
  const lane = height / emotions.length;
  for (const [row, name] of emotions.entries()) {
    const y = (share: number) => lane * (row + 1) - 1 - share * (lane - 5);
    drawGuides(surface, { marks: [{ at: 0, text: '' }], y });
    if (min && max)
      drawBand(surface, { series, low: min[row], high: max[row], view, y, colour: colour(name), alpha: 0.2 });
    drawBand(surface, { series, low: 0, high: values[row], view, y, colour: colour(name), alpha: 0.35 });
    drawLine(surface, { series, values: values[row], view, y, colour: colour(name) });
    context.font = '600 11px system-ui, sans-serif';
    context.textAlign = 'left';
    context.lineWidth = 3;
    context.strokeStyle = colour('plot');
    context.strokeText(name, 6, lane * row + 9);
    context.fillStyle = colour('ink');
    context.fillText(name, 6, lane * row + 9);
  }
}
