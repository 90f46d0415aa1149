import type { ShownNumber } from '../../../src/record/plot-groups.js';
import { numberText } from '../../../src/view/number-words.js';
import type { PlotSurface } from './canvas.js';
import { drawBand, drawGuides, drawLine, drawMissing, eachRun } from './canvas.js';
import type { Series } from './series.js';
import { affectAt } from './series.js';
import type { View } from './view-state.js';

/** Valence (solid) and arousal (dashed) over time. */
export function drawAffectLines(surface: PlotSurface, { series, view }: { series: Series; view: Readonly<View> }) {
  const { height, colour } = surface;
  const [valence, arousal] = affectAt(series, view.stage).mean;
  const y = (value: number) => height / 2 - value * (height / 2 - 4);
  drawMissing(surface, { series, values: valence, view });
  drawGuides(surface, {
    marks: [
      { at: 1, text: '+1' },
      { at: 0, text: '' },
      { at: -1, text: '−1' },
    ],
    y,
  });
  const { min, max } = affectAt(series, 'raw');
  for (const [channel, name] of [
    [0, 'first'],
    [1, 'second'],
  ] as const) {
    if (min && max)
      drawBand(surface, { series, low: min[channel], high: max[channel], view, y, colour: colour(name), alpha: 0.14 });
  }
  drawLine(surface, { series, values: valence, view, y, colour: colour('first'), width: 2 });
  drawLine(surface, { series, values: arousal, view, y, colour: colour('second'), width: 2, dash: [5, 3] });
}

/** A number under its own name: around its zero where it has a sign, else over its whole range. */
export function drawNumber(
  surface: PlotSurface,
  {
    series,
    view,
    number,
    reach: [low, high],
  }: { series: Series; view: Readonly<View>; number: ShownNumber; reach: readonly [number, number] },
) {
  const { height, colour } = surface;
  const { mean, min, max } = series.groups[number.group];
  const { channel, format } = number;
  const y = (value: number) => height - 3 - ((value - low) / (high - low)) * (height - 6);
  drawMissing(surface, { series, values: mean[channel], view });
  drawGuides(surface, {
    marks: [
      { at: high, text: numberText(high, format) },
      ...(low < 0 ? [{ at: 0, text: '' }] : []),
      { at: low, text: numberText(low, format) },
    ],
    y,
  });
  if (min && max)
    drawBand(surface, { series, low: min[channel], high: max[channel], view, y, colour: colour('first'), alpha: 0.18 });
  drawLine(surface, { series, values: mean[channel], view, y, colour: colour('first') });
}

/** Scale of a number's plot: its range; of angles the largest met, rounded up to 15 degrees, on both sides. */
export function reachOf(
  series: Series,
  { group, channel, format, low, high }: ShownNumber,
): readonly [low: number, high: number] {
  if (format !== 'degrees') return [low, high];
  let largest = 0;
  for (const angle of series.groups[group].mean[channel]) if (Math.abs(angle) > largest) largest = Math.abs(angle);
  const reach = Math.max(15, Math.ceil(largest / 15) * 15);
  return [-reach, reach];
}

/**
 * Openness of the subject's left (solid) and right (dashed) eye, with blinks as bars from above, as long as the share
 * of time they take.
 */
export function drawEyes(surface: PlotSurface, { series, view }: { series: Series; view: Readonly<View> }) {
  const { context, height, x, colour } = surface;
  const { mean, min, max } = series.groups.eyes;
  const y = (open: number) => height - 3 - (open / 1.35) * (height - 6);
  drawMissing(surface, { series, values: mean[0], view });
  drawGuides(surface, {
    marks: [
      { at: 1, text: 'open' },
      { at: 0, text: 'closed' },
    ],
    y,
  });
  context.fillStyle = colour('muted');
  const [blinking] = series.groups.blink.mean;
  eachRun(series, blinking, view, (first, last) => {
    for (let at = first; at <= last; at++) {
      if (blinking[at] === 0) continue;
      const until = at < last ? x(series.times[at + 1]) : 0;
      context.fillRect(x(series.times[at]), 0, Math.max(1, until - x(series.times[at])), 1 + 5 * blinking[at]);
    }
  });
  for (const [channel, name] of [
    [0, 'first'],
    [1, 'second'],
  ] as const) {
    if (min && max) {
      drawBand(surface, { series, low: min[channel], high: max[channel], view, y, colour: colour(name), alpha: 0.16 });
    }
    const dash = channel === 0 ? [] : [5, 3];
    drawLine(surface, { series, values: mean[channel], view, y, colour: colour(name), dash });
  }
}
