import { type FrameFaces, hasMesh, type MeshedFace, type Validity } from '../domain/face.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import type { TrackOutcome } from './build-records.js';

/** What was last read of a face. */
interface LastReading {
  readonly ptsUs: Micros;
  readonly sharpness: number;
  readonly outcome: TrackOutcome;
}

/**
 * What the affect model said of each face when it was last asked: told again, with its age, in frames in which it is not
 * due. Time takes no step with it: a reading that is held is no evidence that the face stayed as it was.
 */
export class HeldAffect {
  readonly #judge: (face: Pick<MeshedFace, 'quality' | 'pose'>) => Validity;
  readonly #last = new Map<number, LastReading>();

  /** @param judge - of a face whose sharpness is known */
  constructor(judge: (face: Pick<MeshedFace, 'quality' | 'pose'>) => Validity) {
    this.#judge = judge;
  }

  /** The faces of a frame, those not due with the sharpness that was last read: a blurred face stays one. */
  judge(frame: FrameFaces): FrameFaces {
    const faces = frame.faces.map((face) => {
      const last = this.#heldFor(frame, face.trackId);
      if (!last || !hasMesh(face) || face.validity !== 'ok') return face;
      const sharp = { ...face, quality: { ...face.quality, sharpness: last.sharpness } };
      return { ...sharp, validity: this.#judge(sharp) };
    });
    return { ...frame, faces };
  }

  /** The outcomes of a frame, those of faces not due with what was last read. `frame` is as `judge` gave it. */
  outcomes(frame: FrameFaces, now: ReadonlyMap<number, TrackOutcome>): ReadonlyMap<number, TrackOutcome> {
    const told = new Map(now);
    for (const face of frame.faces) {
      const outcome = now.get(face.trackId);
      if (!outcome || !hasMesh(face) || face.quality.sharpness === null) continue; // the model was not asked
      const last = this.#heldFor(frame, face.trackId);
      if (last) told.set(face.trackId, withHeld(outcome, last, { face, ptsUs: frame.ptsUs }));
      else this.#last.set(face.trackId, { ptsUs: frame.ptsUs, sharpness: face.quality.sharpness, outcome });
    }
    for (const ended of frame.endedTracks) this.#last.delete(ended);
    return told;
  }

  #heldFor({ due }: FrameFaces, trackId: number): LastReading | undefined {
    return !due || due.affect.has(trackId) ? undefined : this.#last.get(trackId);
  }
}

function withHeld(
  outcome: TrackOutcome,
  last: LastReading,
  now: { readonly face: MeshedFace; readonly ptsUs: Micros },
): TrackOutcome {
  const heldSeconds = elapsedSeconds(last.ptsUs, now.ptsUs);
  if (now.face.validity !== 'ok') return { ...outcome, heldSeconds };
  const { state, emotionWidening, actionUnits, actionUnitsMissing } = last.outcome;
  const emotions = outcome.withheld ? {} : { state, emotionWidening };
  return { ...outcome, ...emotions, actionUnits, actionUnitsMissing, heldSeconds };
}
