import { EMOTIONS, type Emotion } from '../../../../src/domain/affect.js';
import type { History } from '../model/history.js';
import type { LogEntry, PageEvent, StatsPoint } from '../model/state.js';
import type { Colours } from './colours.js';
import type { Surface } from './surface.js';

/** Over the scrubber: how many faces were in view (height), where expressions began (ticks in their colours) and trouble. */
export function drawMemoryStrip(
  { context, width, height }: Surface,
  options: {
    readonly history: History;
    readonly events: readonly PageEvent[];
    readonly log: readonly LogEntry[];
    readonly fromMs: number;
    readonly toMs: number;
    readonly emotions: boolean;
    readonly colours: Colours;
  },
): void {
  const { history, fromMs, toMs, colours } = options;
  const length = Math.max(1, toMs - fromMs);
  context.fillStyle = colours.track;
  context.beginPath();
  context.roundRect(0, 0, width, height, 5);
  context.fill();
  const bins = new Float32Array(Math.ceil(width / 3));
  for (const { frames } of history.cameras.values()) {
    const most = new Float32Array(bins.length);
    for (let at = 0; at < bins.length; at++) {
      const ms = fromMs + ((at + 0.5) / bins.length) * length;
      const frame = frames.at(ms);
      if (frame && ms - frame.atMs < 1500) most[at] = frame.faces.filter(({ kept }) => kept.track !== null).length;
    }
    for (let at = 0; at < bins.length; at++) bins[at]! += most[at]!;
  }
  const highest = Math.max(1, ...bins);
  context.fillStyle = colours.accent;
  context.globalAlpha = 0.28;
  for (const [at, faces] of bins.entries()) {
    const tall = (faces / highest) * (height - 6);
    context.fillRect(at * 3, height - tall, 3, tall);
  }
  context.globalAlpha = 1;
  const known = new Set<string>(EMOTIONS);
  for (const event of options.events) {
    if (event.atMs < fromMs || event.atMs > toMs || event.label === 'neutral') continue;
    if (!(options.emotions && event.kind === 'emotion' && known.has(event.label))) continue;
    context.fillStyle = colours[event.label as Emotion];
    context.fillRect(((event.atMs - fromMs) / length) * width - 1, 2, 2, height / 2);
  }
  context.fillStyle = colours.bad;
  for (const { atMs } of options.log) {
    if (atMs >= fromMs && atMs <= toMs) context.fillRect(((atMs - fromMs) / length) * width - 1, 0, 2, height);
  }
}

/** Median and 95th percentile of latency over the last two minutes; ticks at the foot mark seconds with drops. */
export function drawLatency(
  { context, width, height }: Surface,
  options: { readonly points: readonly StatsPoint[]; readonly seconds: number; readonly colours: Colours },
): void {
  const { points, colours, seconds } = options;
  context.fillStyle = colours.plot;
  context.fillRect(0, 0, width, height);
  const newest = points.at(-1)?.atMs ?? 0;
  const x = (ms: number): number => width - ((newest - ms) / (seconds * 1000)) * width;
  const highest = Math.max(120, ...points.map(({ p95 }) => p95 ?? 0)) * 1.1;
  const y = (ms: number): number => height - 4 - (ms / highest) * (height - 6);
  const target = Math.round(y(100)) + 0.5;
  context.strokeStyle = colours.muted;
  context.globalAlpha = 0.6;
  context.setLineDash([3, 3]);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, target);
  context.lineTo(width, target);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.fillStyle = colours.muted;
  context.textAlign = 'left';
  context.font = '10px system-ui, sans-serif';
  context.fillText('100 ms', 3, Math.max(7, target - 6));
  for (const [quantile, colour, dash] of [
    ['p50', colours.first, []],
    ['p95', colours.second, [4, 2]],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    context.setLineDash([...dash]);
    context.beginPath();
    let drawing = false;
    for (const point of points) {
      const value = point[quantile];
      if (value === null) drawing = false;
      else if (drawing) context.lineTo(x(point.atMs), y(value));
      else {
        context.moveTo(x(point.atMs), y(value));
        drawing = true;
      }
    }
    context.stroke();
    context.setLineDash([]);
  }
  context.fillStyle = colours.bad;
  for (const { atMs, droppedNow } of points) {
    const tall = Math.min(10, droppedNow * 1.5);
    if (tall > 0) context.fillRect(x(atMs) - 1.5, height - tall, 2, tall);
  }
}
