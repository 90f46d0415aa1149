import type { TrackPoint } from '../model/history.js';
import { affectOf } from '../model/people.js';
import type { TimedList } from '../model/timed-list.js';
import type { Colours } from './colours.js';
import type { Surface } from './surface.js';

/** Length of the trail. */
export const TRAIL_MS = 10_000;
/** A gap this long breaks the trail. */
const GAP_MS = 600;

/** The plane of valence (right: pleasant) and arousal (up: excited) with the trail of the last seconds. */
export function drawPlane(
  { context, width, height }: Surface,
  options: { readonly series: TimedList<TrackPoint> | undefined; readonly atMs: number; readonly colours: Colours },
): void {
  const { series, atMs, colours } = options;
  const radius = Math.min(width, height) / 2 - 17;
  const px = (value: number): number => width / 2 + value * radius;
  const py = (value: number): number => height / 2 - value * radius;

  context.fillStyle = colours.plot;
  context.strokeStyle = colours.line;
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
  context.fillStyle = colours.muted;
  context.textAlign = 'center';
  context.fillText('excited', width / 2, height / 2 - radius - 8);
  context.fillText('calm', width / 2, height / 2 + radius + 9);
  context.save();
  context.translate(width / 2 - radius - 9, height / 2);
  context.rotate(-Math.PI / 2);
  context.fillText('unpleasant', 0, 0);
  context.translate(0, 2 * radius + 18);
  context.fillText('pleasant', 0, 0);
  context.restore();

  if (!series) return;
  const newest = series.placeAt(atMs);
  let later = series.get(newest);
  const head = later && affectOf(later.face);
  context.strokeStyle = colours.first;
  context.lineCap = 'round';
  context.lineWidth = 2.25;
  for (let place = newest - 1; place >= 0 && later; place--) {
    const point = series.get(place)!;
    const age = atMs - point.atMs;
    if (age > TRAIL_MS || later.atMs - point.atMs > GAP_MS) break;
    const [from, to] = [affectOf(point.face), affectOf(later.face)];
    if (!from || !to) break;
    // Points within a pixel of each other are one.
    if (place > 0 && Math.hypot(px(from.valence) - px(to.valence), py(from.arousal) - py(to.arousal)) < 1) continue;
    context.globalAlpha = Math.max(0.06, 1 - age / TRAIL_MS);
    context.beginPath();
    context.moveTo(px(from.valence), py(from.arousal));
    context.lineTo(px(to.valence), py(to.arousal));
    context.stroke();
    later = point;
  }
  context.globalAlpha = 1;
  if (!head || atMs - series.get(newest)!.atMs > GAP_MS) return;
  context.beginPath();
  context.arc(px(head.valence), py(head.arousal), 6, 0, 2 * Math.PI);
  context.fillStyle = colours.accent;
  context.fill();
  context.strokeStyle = colours.card;
  context.lineWidth = 2;
  context.stroke();
}
