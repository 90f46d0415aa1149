import { hasMesh, type Look, type TrackedFace } from '../domain/face.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';

/** When a track was last looked at, by what for; null before the first time. */
export type LookTimes = Record<Look, Micros | null>;

export const NEVER_LOOKED: Readonly<LookTimes> = { cover: null, gaze: null };

/** Media seconds between looks at one face: what covers it takes a quarter of a second to count, gaze is smoothed over a tenth. */
const INTERVAL_SECONDS: Readonly<Record<Look, number>> = { cover: 0.1, gaze: 0.06 };
/** A frame that comes so little early is on time: of frames 33.3 ms apart every third is looked at, not every fourth. */
const EARLY_SECONDS = 0.005;

/** Which faces each look is due of, by track id; it counts as done. A face that is not read is not looked at, and is due once it is. `tracks` are those of the faces, in their order. */
export function takeDue(
  faces: readonly TrackedFace[],
  tracks: readonly { readonly looked: LookTimes }[],
  now: Micros,
): Record<Look, ReadonlySet<number>> {
  const isDue = (look: Look, last: Micros | null): boolean =>
    last === null || elapsedSeconds(last, now) >= INTERVAL_SECONDS[look] - EARLY_SECONDS;
  const due = (look: Look): ReadonlySet<number> =>
    new Set(
      faces.flatMap((face, index) => {
        const { looked } = tracks[index]!;
        if (!hasMesh(face) || face.validity !== 'ok' || !isDue(look, looked[look])) return [];
        looked[look] = now;
        return [face.trackId];
      }),
    );
  return { cover: due('cover'), gaze: due('gaze') };
}
