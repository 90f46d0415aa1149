import type { Micros } from '../../domain/units.js';

/** How much too early a frame may be, in intervals: camera clocks jitter. */
const SLACK = 0.1;

/**
 * Pure: which frames to keep so that there are at most `maxFps` a second on average, by their PTS. Frames are kept as they come
 * due on a grid, so that 30 frames a second become 20 as two of three.
 *
 * @param maxFps - null keeps all
 */
export function createRateLimit(maxFps: number | null): (ptsUs: Micros) => boolean {
  if (maxFps === null) return () => true;
  const intervalUs = 1e6 / maxFps;
  let dueUs = Number.NEGATIVE_INFINITY;
  return (ptsUs) => {
    if (ptsUs < dueUs - SLACK * intervalUs) return false;
    // After a gap the grid begins anew; it never gives a burst to make up for lost frames.
    dueUs = ptsUs - dueUs < intervalUs ? dueUs + intervalUs : ptsUs + intervalUs;
    return true;
  };
}
