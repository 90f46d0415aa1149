import { type FrameFaces, hasMesh, type MeshedFace } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { GazeEvidence, GazeModel } from '../domain/gaze.js';
import type { RunModel } from '../domain/tensor.js';
import { readEyePoints } from './eye-points.js';
import { gazeOf } from './gaze-of.js';

const DEGREE = Math.PI / 180;

/** Faces beyond these have no gaze: nearer eyes, or the far one hidden. Chosen from the tables of models/eye-mesh/card.md. */
const MIN_INTEROCULAR_PX = 18;
const MAX_YAW = 40 * DEGREE;

/** Reads where the eyes of the readable faces of a frame look, of those that are due. Without memory: frames may overlap. */
export class GazeStage {
  readonly #runModel: RunModel;
  readonly #model: GazeModel;

  constructor(options: { readonly runModel: RunModel; readonly model: GazeModel }) {
    this.#runModel = options.runModel;
    this.#model = options.model;
  }

  /** By track id: every face that is `ok` and due has a reading, or the reason why its eyes say nothing. */
  async read(frame: Frame, located: FrameFaces): Promise<ReadonlyMap<number, GazeEvidence>> {
    const { due } = located;
    const faces = located.faces
      .filter(hasMesh)
      .filter(({ validity, trackId }) => validity === 'ok' && (!due || due.gaze.has(trackId)));
    const read = await Promise.all(
      faces.map(async (face) => [face.trackId, await this.#readFace(frame, face)] as const),
    );
    return new Map(read);
  }

  async #readFace(frame: Frame, face: MeshedFace): Promise<GazeEvidence> {
    const { interocularPx } = face.quality;
    if (interocularPx < MIN_INTEROCULAR_PX) return { missing: 'too-small' };
    if (Math.abs(face.pose.yaw) > MAX_YAW) return { missing: 'profile' };
    return gazeOf(this.#model, face, await readEyePoints(this.#runModel, frame, face.mesh));
  }
}
