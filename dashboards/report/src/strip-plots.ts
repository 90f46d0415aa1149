import type { EpisodeData } from '../../../src/report/report-data.js';
import { tickText, timeTicks } from '../../../src/view/clock-words.js';
import type { PlotSurface } from './canvas.js';
import type { Series } from './series.js';
import type { View } from './view-state.js';

/** Emotion episodes as named bars; the notch is the apex. */
export function drawEpisodes(
  { context, width, height, x, colour }: PlotSurface,
  { episodes, view }: { episodes: readonly EpisodeData[]; view: Readonly<View> },
) {
  context.font = '600 11px system-ui, sans-serif';
  context.textAlign = 'left';
  for (const episode of episodes) {
    const [onset, apex, offset] = [episode.onsetUs / 1e6, episode.apexUs / 1e6, episode.offsetUs / 1e6];
    if (offset < view.from || onset > view.to) continue;
    const left = Math.max(-4, x(onset));
    const right = Math.min(width + 4, Math.max(left + 3, x(offset)));
    context.fillStyle = colour(episode.label);
    context.beginPath();
    context.roundRect(left, 3, right - left, height - 6, 4);
    context.fill();
    context.fillStyle = colour(`on-${episode.label}`);
    if (right - left >= 12) {
      const notch = x(apex);
      context.beginPath();
      context.moveTo(notch - 4, 3);
      context.lineTo(notch + 4, 3);
      context.lineTo(notch, 8);
      context.fill();
    }
    const start = Math.max(left, 0) + 6;
    if (right - start > context.measureText(episode.label).width + 8)
      context.fillText(episode.label, start, height / 2 + 1);
  }
}

/** For each pixel column the share of time in each category, stacked. The first category is drawn at the bottom. */
export function drawCoverage(
  { context, width, height, x, colour }: PlotSurface,
  { series, validity }: { series: Series; validity: readonly string[] },
) {
  const { times, categories, gapSeconds } = series;
  for (let at = 0; at < times.length; at++) {
    const next = times[at + 1];
    const until = next !== undefined && next - times[at] <= gapSeconds ? next : times[at] + gapSeconds / 3;
    // Whole pixels: edges between two readings would otherwise show as seams.
    const left = Math.floor(x(times[at]));
    const right = Math.max(left + 1, Math.ceil(x(until)));
    if (right < 0 || left > width) continue;
    let top = height;
    for (const [category, name] of validity.entries()) {
      const tall = categories[category][at] * height;
      if (tall === 0) continue;
      context.fillStyle = colour(`validity-${name}`);
      context.fillRect(left, top - tall, right - left, tall);
      top -= tall;
    }
  }
}

export function drawTimeAxis({ context, width, x, colour }: PlotSurface, { view }: { view: Readonly<View> }) {
  const { step, ticks } = timeTicks({ from: view.from, to: view.to, count: width / 90 });
  context.fillStyle = colour('muted');
  context.strokeStyle = colour('muted');
  context.lineWidth = 1;
  for (const tick of ticks) {
    const at = Math.round(x(tick)) + 0.5;
    context.beginPath();
    context.moveTo(at, 0);
    context.lineTo(at, 5);
    context.stroke();
    context.textAlign = at < 20 ? 'left' : at > width - 20 ? 'right' : 'center';
    context.fillText(tickText(tick, step), at, 12);
  }
}
