import { drawAffectPlane } from '../../shared/affect-plane.js';
import { surfaceOf } from './canvas.js';
import { affectAt, nearestBucket, type Series } from './series.js';
import type { View } from './view-state.js';

const TRAIL_SECONDS = 5;

interface Readings {
  readonly series: Series;
  readonly view: Readonly<View>;
}

/** Readings before the cursor, the newest first, up to the first gap. */
function* trailOf({ series, view }: Readings) {
  const { times, gapSeconds } = series;
  const [valence, arousal] = affectAt(series, view.stage).mean;
  const newest = nearestBucket(times, view.cursor);
  for (let at = newest; at >= 0; at--) {
    const gap = at === newest ? Math.abs(view.cursor - times[at]) : times[at + 1] - times[at];
    const age = (view.cursor - times[at]) / TRAIL_SECONDS;
    if (gap > gapSeconds || age > 1 || Number.isNaN(valence[at])) return;
    yield { valence: valence[at], arousal: arousal[at], age };
  }
}

function* dotsOf({ series, view }: Readings) {
  const [valence, arousal] = affectAt(series, view.stage).mean;
  for (const [at, time] of series.times.entries()) {
    if (Number.isNaN(valence[at]) || time < view.from || time > view.to) continue;
    yield { valence: valence[at], arousal: arousal[at] };
  }
}

/** The plane of valence and arousal at the cursor: every reading in view, and the last seconds before it. */
export function drawFacePlane(canvas: HTMLCanvasElement, readings: Readings): void {
  const surface = surfaceOf(canvas, readings.view);
  if (!surface) return;
  const trail = [...trailOf(readings)];
  drawAffectPlane(surface, { colour: surface.colour, dots: dotsOf(readings), trail, head: trail[0] ?? null });
}
