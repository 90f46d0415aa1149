import { hasMesh, LOOKS, type Look, type TrackedFace } from '../domain/face.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';

/** When a track was last looked at, by what for; null before the first time. */
export type LookTimes = Record<Look, Micros | null>;

export const NEVER_LOOKED: Readonly<LookTimes> = { cover: null, gaze: null };

/** Media seconds between looks at one face: what covers it takes a quarter of a second to count, gaze is smoothed over a tenth. */
const INTERVAL_SECONDS: Readonly<Record<Look, number>> = { cover: 0.1, gaze: 0.06 };
/** A frame that comes so little early is on time: frames 33.3 ms apart are looked at three at a time, not four. */
const EARLY_SECONDS = 0.005;

/** What is due of one readable face; its looks count as done. A face that is not read is not looked at, and its next look is then due. */
export function takeDue(times: LookTimes, face: TrackedFace, now: Micros): Look[] {
  if (!hasMesh(face) || face.validity !== 'ok') return [];
  return LOOKS.filter((look) => {
    const last = times[look];
    if (last !== null && elapsedSeconds(last, now) < INTERVAL_SECONDS[look] - EARLY_SECONDS) return false;
    times[look] = now;
    return true;
  });
}
