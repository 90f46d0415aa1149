import { drawAffectPlane } from '../../../shared/affect-plane.js';
import type { TrackPoint } from '../model/history.js';
import { affectOf } from '../model/people.js';
import type { TimedList } from '../model/timed-list.js';
import type { Colours } from './colours.js';
import type { Surface } from './surface.js';

/** Length of the trail. */
export const TRAIL_MS = 10_000;
/** A gap this long breaks the trail. */
const GAP_MS = 600;

/** Readings of the last seconds, the newest first, up to the first gap. */
function* trailOf(series: TimedList<TrackPoint>, atMs: number) {
  let laterMs = atMs;
  for (let place = series.placeAt(atMs); place >= 0; place--) {
    const point = series.get(place)!;
    const affect = affectOf(point.face);
    if (!affect || atMs - point.atMs > TRAIL_MS || laterMs - point.atMs > GAP_MS) return;
    yield { ...affect, age: (atMs - point.atMs) / TRAIL_MS };
    laterMs = point.atMs;
  }
}

/** The plane of valence and arousal at a moment of one face. */
export function drawPlane(
  surface: Surface,
  options: { readonly series: TimedList<TrackPoint> | undefined; readonly atMs: number; readonly colours: Colours },
): void {
  const { series, atMs, colours } = options;
  const trail = series ? [...trailOf(series, atMs)] : [];
  drawAffectPlane(surface, { colour: (name) => colours[name], trail, head: trail[0] ?? null });
}
