/** @import { Series } from './decode.js' */
/** @import { View } from './view-state.js' */

import { surfaceOf } from './canvas.js';
import { affectAt, nearestBucket } from './decode.js';

const TRAIL_SECONDS = 5;

/**
 * The plane of valence (right: pleasant) and arousal (up: excited): every reading in view as a faint dot, the last
 * seconds before the cursor as a trail.
 * @param {HTMLCanvasElement} canvas
 * @param {{ series: Series, view: Readonly<View> }} options
 */
export function drawAffectPlane(canvas, { series, view }) {
  const surface = surfaceOf(canvas, view);
  if (!surface) return;
  const { context, width, height, colour } = surface;
  const [valence, arousal] = affectAt(series, view.stage).mean;
  const radius = Math.min(width, height) / 2 - 18;
  const px = (/** @type {number} */ value) => width / 2 + value * radius;
  const py = (/** @type {number} */ value) => height / 2 - value * radius;

  context.fillStyle = colour('plot');
  context.strokeStyle = colour('line');
  context.lineWidth = 1;
  context.beginPath();
  context.arc(width / 2, height / 2, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.beginPath();
  context.arc(width / 2, height / 2, radius / 2, 0, 2 * Math.PI);
  context.moveTo(px(-1), py(0));
  context.lineTo(px(1), py(0));
  context.moveTo(px(0), py(-1));
  context.lineTo(px(0), py(1));
  context.stroke();
  context.fillStyle = colour('muted');
  context.textAlign = 'center';
  context.fillText('excited', width / 2, 8);
  context.fillText('calm', width / 2, height - 7);
  context.save();
  context.translate(8, height / 2);
  context.rotate(-Math.PI / 2);
  context.fillText('unpleasant', 0, 0);
  context.translate(0, width - 16);
  context.fillText('pleasant', 0, 0);
  context.restore();

  context.fillStyle = colour('first');
  context.globalAlpha = 0.16;
  for (let at = 0; at < series.times.length; at++) {
    if (Number.isNaN(valence[at]) || series.times[at] < view.from || series.times[at] > view.to) continue;
    context.fillRect(px(valence[at]) - 1, py(arousal[at]) - 1, 2, 2);
  }
  const now = nearestBucket(series.times, view.cursor);
  context.strokeStyle = colour('first');
  context.lineWidth = 2.5;
  context.lineCap = 'round';
  for (let at = now; at > 0; at--) {
    const age = view.cursor - series.times[at - 1];
    if (age > TRAIL_SECONDS || series.times[at] - series.times[at - 1] > series.gapSeconds) break;
    if (Number.isNaN(valence[at]) || Number.isNaN(valence[at - 1])) break;
    context.globalAlpha = Math.max(0.05, 1 - age / TRAIL_SECONDS);
    context.beginPath();
    context.moveTo(px(valence[at - 1]), py(arousal[at - 1]));
    context.lineTo(px(valence[at]), py(arousal[at]));
    context.stroke();
  }
  context.globalAlpha = 1;
  if (now >= 0 && !Number.isNaN(valence[now]) && Math.abs(series.times[now] - view.cursor) <= series.gapSeconds) {
    context.beginPath();
    context.arc(px(valence[now]), py(arousal[now]), 6, 0, 2 * Math.PI);
    context.fillStyle = colour('accent');
    context.fill();
    context.strokeStyle = colour('card');
    context.lineWidth = 2;
    context.stroke();
  }
}
