import { hasMesh, LOOKS, type Look, type TrackedFace } from '../domain/face.js';
import type { ReadingPace } from '../domain/reading-pace.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';

/** When a track was last looked at, by what for; null before the first time. */
export type LookTimes = Record<Look, Micros | null>;

export const NEVER_LOOKED: Readonly<LookTimes> = { affect: null, gaze: null, cover: null };

/** A frame that comes so little early is on time: of frames 33.3 ms apart every third is looked at, not every fourth. */
const EARLY_SECONDS = 0.005;

/** Which faces each look is due of at this pace, by track id; it counts as done. A face that is not read is not looked at, and is due once it is. `tracks` are those of the faces, in their order. */
export function takeDue(
  faces: readonly TrackedFace[],
  tracks: readonly { readonly looked: LookTimes }[],
  at: { readonly now: Micros; readonly pace: ReadingPace },
): Record<Look, ReadonlySet<number>> {
  const { now, pace } = at;
  const isDue = (look: Look, last: Micros | null): boolean =>
    last === null || elapsedSeconds(last, now) >= pace[look] - EARLY_SECONDS;
  const due: Record<Look, Set<number>> = { affect: new Set(), gaze: new Set(), cover: new Set() };
  for (const [index, face] of faces.entries()) {
    if (!hasMesh(face) || face.validity !== 'ok') continue;
    const { looked } = tracks[index]!;
    for (const look of LOOKS) {
      if (!isDue(look, looked[look])) continue;
      looked[look] = now;
      due[look].add(face.trackId);
    }
  }
  return due;
}
