import { EMOTIONS, type Emotion } from '../../../../src/domain/affect.js';
import type { TrackPoint } from '../model/history.js';
import { emotionsOf, unitOf } from '../model/people.js';
import type { PageEvent } from '../model/state.js';
import type { TimedList } from '../model/timed-list.js';
import { type Colours, inkFor } from './colours.js';
import type { Surface } from './surface.js';

/** Heights of the rows, CSS pixels. */
export const ROWS = { emotions: 76, gap: 5, episodes: 22, blinks: 12, unit: 14, axis: 18 } as const;
/** Time shown. */
export const TIMELINE_MS = 60_000;
const GAP_MS = 600;
/** Column over which readings are drawn as one, CSS pixels. */
const COLUMN_PX = 1.5;

export interface TimelineOptions {
  readonly series: TimedList<TrackPoint> | undefined;
  /** Episodes of this face, any kind. */
  readonly events: readonly PageEvent[];
  /** Right edge. */
  readonly atMs: number;
  readonly emotions: boolean;
  /** Units with a row, and their place in the server's list. */
  readonly rows: readonly { readonly key: string; readonly place: number }[];
  readonly colours: Colours;
}

/** Height of the whole timeline. */
export function timelineHeight(options: { readonly emotions: boolean; readonly rows: number }): number {
  const affect = options.emotions ? ROWS.emotions + ROWS.gap + ROWS.episodes + ROWS.gap : 0;
  const units = options.rows > 0 ? ROWS.gap + options.rows * ROWS.unit : 0;
  return affect + ROWS.blinks + units + ROWS.axis;
}

/** The last minute of one face: emotions stacked, episodes as named bars, blinks, a strip per action unit, the time. */
export function drawTimeline(surface: Surface, options: TimelineOptions): void {
  const { context, width } = surface;
  const { atMs, colours } = options;
  const x = (ms: number): number => width - ((atMs - ms) / TIMELINE_MS) * width;
  const columns = columnsOf(options.series, { atMs, x });
  let top = 0;
  if (options.emotions) {
    drawStack(context, { columns, top, width, colours });
    top += ROWS.emotions + ROWS.gap;
    drawEpisodes(context, { events: options.events, top, width, atMs, x, colours });
    top += ROWS.episodes + ROWS.gap;
  }
  drawBlinks(context, { events: options.events, top, width, atMs, x, colours });
  top += ROWS.blinks;
  if (options.rows.length > 0) {
    top += ROWS.gap;
    for (const { key, place } of options.rows) {
      drawUnit(context, { key, place, columns, top, width, colours });
      top += ROWS.unit;
    }
  }
  drawAxis(context, { top, width, colours });
}

interface Column {
  readonly x: number;
  until: number;
  readonly point: TrackPoint;
}

/** One reading per column of pixels, with the stretch it stands for. */
function columnsOf(
  series: TimedList<TrackPoint> | undefined,
  { atMs, x }: { readonly atMs: number; readonly x: (ms: number) => number },
): readonly Column[] {
  if (!series) return [];
  const columns: Column[] = [];
  let place = Math.max(0, series.placeAt(atMs - TIMELINE_MS));
  const last = series.placeAt(atMs);
  let at = Number.NEGATIVE_INFINITY;
  for (; place <= last; place++) {
    const point = series.get(place)!;
    const left = x(point.atMs);
    if (left - at < COLUMN_PX && place < last) continue;
    const before = columns.at(-1);
    // It stands for the time up to the next one; where readings are missing, only for itself.
    if (before && point.atMs - before.point.atMs <= GAP_MS) before.until = left + 0.3;
    columns.push({ x: left, until: left + COLUMN_PX + 0.5, point });
    at = left;
  }
  return columns;
}

interface RowFrame {
  readonly top: number;
  readonly width: number;
  readonly colours: Colours;
}

function ground(context: CanvasRenderingContext2D, { top, width, colours }: RowFrame, height: number): void {
  context.fillStyle = colours.track;
  context.beginPath();
  context.roundRect(0, top, width, height, 4);
  context.fill();
}

function drawStack(context: CanvasRenderingContext2D, row: RowFrame & { readonly columns: readonly Column[] }): void {
  ground(context, row, ROWS.emotions);
  const tops = row.columns.map(() => row.top + ROWS.emotions);
  for (const [index, name] of EMOTIONS.entries()) {
    context.fillStyle = row.colours[name];
    context.beginPath();
    for (const [at, { x, until, point }] of row.columns.entries()) {
      const shares = emotionsOf(point.face);
      if (!shares) continue;
      const tall = shares[index]! * ROWS.emotions;
      if (tall < 0.15) continue;
      tops[at]! -= tall;
      context.rect(x, tops[at]!, until - x, tall + 0.3);
    }
    context.fill();
  }
}

interface EventRow extends RowFrame {
  readonly events: readonly PageEvent[];
  readonly atMs: number;
  readonly x: (ms: number) => number;
}

function drawEpisodes(context: CanvasRenderingContext2D, row: EventRow): void {
  const { top, width, colours, x, atMs } = row;
  ground(context, row, ROWS.episodes);
  context.font = '600 11px system-ui, sans-serif';
  context.textAlign = 'left';
  for (const event of row.events) {
    if (event.kind !== 'emotion' || event.atMs > atMs) continue;
    const right = Math.min(width, x(Math.min(event.endMs ?? atMs, atMs)));
    const left = Math.max(-6, x(event.atMs));
    if (right < 0) continue;
    const emotion = event.label as Emotion;
    context.fillStyle = colours[emotion] ?? colours.muted;
    context.beginPath();
    context.roundRect(left, top + 2, Math.max(3, right - left), ROWS.episodes - 4, 4);
    context.fill();
    const start = Math.max(left, 0) + 6;
    if (right - start < context.measureText(event.label).width + 6) continue;
    context.fillStyle = inkFor(colours, emotion);
    context.fillText(event.label, start, top + ROWS.episodes / 2 + 0.5);
  }
}

function drawBlinks(context: CanvasRenderingContext2D, row: EventRow): void {
  const { top, width, colours, x, atMs } = row;
  ground(context, row, ROWS.blinks);
  context.fillStyle = colours.soft;
  for (const event of row.events) {
    if (event.kind !== 'blink' || event.atMs > atMs) continue;
    const left = x(event.atMs);
    const right = x(Math.min(event.endMs ?? atMs, atMs));
    if (right > 0) context.fillRect(left, top + 2, Math.max(2, right - left), ROWS.blinks - 4);
  }
  name(context, { text: 'blinks', top, height: ROWS.blinks, width, colours });
}

function drawUnit(
  context: CanvasRenderingContext2D,
  row: RowFrame & { readonly key: string; readonly place: number; readonly columns: readonly Column[] },
): void {
  const { top, colours, columns, place } = row;
  context.fillStyle = colours.track;
  context.fillRect(0, top, row.width, ROWS.unit - 1);
  const foot = top + ROWS.unit - 1;
  for (const active of [false, true]) {
    context.fillStyle = colours.first;
    context.globalAlpha = active ? 1 : 0.4;
    context.beginPath();
    for (const { x, until, point } of columns) {
      const unit = unitOf(point.face, place);
      if (!unit || unit.active !== active) continue;
      const tall = (Number.isNaN(unit.intensity) ? unit.presence : unit.intensity / 5) * (ROWS.unit - 1);
      if (tall > 0.3) context.rect(x, foot - tall, until - x, tall);
    }
    context.fill();
  }
  context.globalAlpha = 1;
  name(context, { ...row, text: `AU${row.key}`, height: ROWS.unit - 1 });
}

/** A row's name at its left edge, readable over whatever is drawn there. */
function name(
  context: CanvasRenderingContext2D,
  row: RowFrame & { readonly text: string; readonly height: number },
): void {
  context.font = '10px system-ui, sans-serif';
  context.textAlign = 'left';
  context.lineWidth = 3;
  context.strokeStyle = row.colours.card;
  context.globalAlpha = 0.85;
  context.strokeText(row.text, 4, row.top + row.height / 2 + 0.5);
  context.globalAlpha = 1;
  context.fillStyle = row.colours.soft;
  context.fillText(row.text, 4, row.top + row.height / 2 + 0.5);
}

function drawAxis(context: CanvasRenderingContext2D, { top, width, colours }: RowFrame): void {
  context.fillStyle = colours.muted;
  context.font = '10px system-ui, sans-serif';
  for (let seconds = 0; seconds <= 60; seconds += 15) {
    const at = width - (seconds / 60) * width;
    context.textAlign = seconds === 0 ? 'right' : seconds === 60 ? 'left' : 'center';
    context.fillText(seconds === 0 ? '0 s' : `−${seconds} s`, at, top + ROWS.axis / 2 + 1);
  }
}
