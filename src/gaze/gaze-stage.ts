import { type FrameFaces, hasMesh, type MeshedFace } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { GazeEvidence } from '../domain/gaze.js';
import type { RunModel } from '../domain/tensor.js';
import { GAZE_LIMITS } from './eye-model.js';
import { readEyePoints } from './eye-points.js';
import { gazeOf } from './gaze-of.js';

const DEGREE = Math.PI / 180;

/** Reads where the eyes of all readable faces of a frame look. Without memory: frames may overlap. */
export class GazeStage {
  readonly #runModel: RunModel;

  constructor(runModel: RunModel) {
    this.#runModel = runModel;
  }

  /** By track id: every face that is `ok` has a reading, or the reason why its eyes say nothing. */
  async read(frame: Frame, located: FrameFaces): Promise<ReadonlyMap<number, GazeEvidence>> {
    const faces = located.faces.filter(hasMesh).filter(({ validity }) => validity === 'ok');
    const read = await Promise.all(
      faces.map(async (face) => [face.trackId, await this.#readFace(frame, face)] as const),
    );
    return new Map(read);
  }

  async #readFace(frame: Frame, face: MeshedFace): Promise<GazeEvidence> {
    const { interocularPx } = face.quality;
    if (interocularPx < GAZE_LIMITS.minInterocularPx) return { missing: 'too-small' };
    if (Math.abs(face.pose.yaw) > GAZE_LIMITS.maxYawDegrees * DEGREE) return { missing: 'profile' };
    return gazeOf(frame, face, await readEyePoints(this.#runModel, frame, face.mesh));
  }
}
