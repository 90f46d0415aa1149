import { micros } from '../../src/domain/units.js';
import type { Tracklet } from '../../src/people/tracklet.js';

/** A track that is seen in each of 25 frames a second between two times, at one place of one set-up. */
export function tracklet(
  track: number,
  [fromSeconds, toSeconds]: readonly [number, number],
  {
    x = 100,
    y = 100,
    side = 80,
    setup = 1,
    yaw = 0,
  }: { x?: number; y?: number; side?: number; setup?: number; yaw?: number } = {},
): Tracklet {
  const spot = { x, y, side, setup };
  const seen = {
    fromFrame: Math.round(fromSeconds * 25),
    toFrame: Math.round(toSeconds * 25) - 1,
    fromUs: micros(fromSeconds * 1e6),
    toUs: micros((toSeconds - 0.04) * 1e6),
  };
  const stance = { yaw, across: x / 640, size: side / 640 };
  return {
    track,
    seen: [seen],
    start: spot,
    end: spot,
    coming: null,
    leaving: null,
    stance,
    places: [spot],
    looks: [],
  };
}
