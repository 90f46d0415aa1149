/** @import { Series } from './decode.js' */
/** @import { Surface } from './canvas.js' */
/** @import { View } from './view-state.js' */
import { drawBand, drawGuides, drawLine, drawMissing, eachRun } from './canvas.js';

/**
 * Valence (solid) and arousal (dashed) over time.
 * @param {Surface} surface
 * @param {{ series: Series, view: Readonly<View> }} options
 */
export function drawAffectLines(surface, { series, view }) {
  const { height, colour } = surface;
  const values = series.groups[view.stage].mean;
  const [valence, arousal] = values.slice(-2);
  const y = (/** @type {number} */ value) => height / 2 - value * (height / 2 - 4);
  drawMissing(surface, { series, values: valence, view });
  drawGuides(surface, {
    marks: [
      { at: 1, text: '+1' },
      { at: 0, text: '' },
      { at: -1, text: '−1' },
    ],
    y,
  });
  const { min, max } = series.groups.raw;
  for (const [channel, name] of /** @type {const} */ ([
    [8, 'first'],
    [9, 'second'],
  ])) {
    if (min && max)
      drawBand(surface, { series, low: min[channel], high: max[channel], view, y, colour: colour(name), alpha: 0.14 });
  }
  drawLine(surface, { series, values: valence, view, y, colour: colour('first'), width: 2 });
  drawLine(surface, { series, values: arousal, view, y, colour: colour('second'), width: 2, dash: [5, 3] });
}

/**
 * One head angle, from -`reach` to `reach` degrees.
 * @param {Surface} surface
 * @param {{ series: Series, view: Readonly<View>, channel: number, reach: number }} options
 */
export function drawAngle(surface, { series, view, channel, reach }) {
  const { height, colour } = surface;
  const { mean, min, max } = series.groups.pose;
  const y = (/** @type {number} */ angle) => height / 2 - (angle / reach) * (height / 2 - 3);
  drawMissing(surface, { series, values: mean[channel], view });
  drawGuides(surface, {
    marks: [
      { at: reach, text: `+${reach}°` },
      { at: 0, text: '' },
      { at: -reach, text: `−${reach}°` },
    ],
    y,
  });
  if (min && max)
    drawBand(surface, { series, low: min[channel], high: max[channel], view, y, colour: colour('first'), alpha: 0.18 });
  drawLine(surface, { series, values: mean[channel], view, y, colour: colour('first') });
}

/**
 * Scale of one angle's plot: the largest angle met, rounded up to 15 degrees.
 * @param {Series} series
 * @param {number} channel
 */
export function angleReach(series, channel) {
  let largest = 0;
  for (const angle of series.groups.pose.mean[channel]) if (Math.abs(angle) > largest) largest = Math.abs(angle);
  return Math.max(15, Math.ceil(largest / 15) * 15);
}

/**
 * Openness of the subject's left (solid) and right (dashed) eye, with blinks as bars from above, as long as the share
 * of time they take.
 * @param {Surface} surface
 * @param {{ series: Series, view: Readonly<View> }} options
 */
export function drawEyes(surface, { series, view }) {
  const { context, height, x, colour } = surface;
  const { mean, min, max } = series.groups.eyes;
  const y = (/** @type {number} */ open) => height - 3 - (open / 1.35) * (height - 6);
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
  for (const [channel, name] of /** @type {const} */ ([
    [0, 'first'],
    [1, 'second'],
  ])) {
    if (min && max) {
      drawBand(surface, { series, low: min[channel], high: max[channel], view, y, colour: colour(name), alpha: 0.16 });
    }
    const dash = channel === 0 ? [] : [5, 3];
    drawLine(surface, { series, values: mean[channel], view, y, colour: colour(name), dash });
  }
}
