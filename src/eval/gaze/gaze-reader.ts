import type { Validity } from '../../domain/face.js';
import type { GazeState } from '../../domain/gaze.js';
import type { MissingReason } from '../../domain/records.js';
import { EYE_MODEL } from '../../gaze/eye-points.js';
import { GazeStage } from '../../gaze/gaze-stage.js';
import { loadGazeModel } from '../../models/registry.js';
import { createBlink } from '../../temporal/blink.js';
import { TEMPORAL_DEFAULTS } from '../../temporal/default-options.js';
import { createGazeTrack, stepGaze } from '../../temporal/track-gaze.js';
import type { GrayImage } from '../gray-image.js';
import { openStillModels, type Still, type StillOptions } from '../still-models.js';

/** Where mien says that the largest face of a photograph looks. */
export interface StillGaze {
  /** Why nothing is read of the face, or `ok`; `no-face` where none is found. */
  readonly validity: Validity;
  /** As in a record of a single frame; null where there is none. */
  readonly gaze: GazeState | null;
  /** Why there is none. */
  readonly missing: MissingReason | null;
  /** Yaw of the head as measured, radians; null without a mesh. */
  readonly headYaw: number | null;
}

/** Reads the gaze of photographs as `mien analyze` reads that of single frames. */
export interface GazeReader extends Still {
  measure(image: GrayImage): Promise<StillGaze>;
}

/** Starts one lane with the detectors, the mesh and the eye network. Rejects with what models and lanes raise. */
export async function openGazeReader(options: StillOptions = {}, signal?: AbortSignal): Promise<GazeReader> {
  const { device, precision, models, runModel, finder, close } = await openStillModels([EYE_MODEL], options, signal);
  const { id, manifest } = models.find((model) => model.id === EYE_MODEL)!;
  const model = loadGazeModel();
  const stage = new GazeStage({ runModel, model });
  const { gaze: filtering, maxGapSeconds } = TEMPORAL_DEFAULTS;
  return {
    device,
    precision,
    model: { id, version: manifest.version },
    async measure(image) {
      const found = await finder.find(image);
      if (!found) return { validity: 'no-face', gaze: null, missing: 'no-face', headYaw: null };
      const { frame, face } = found;
      const { index: frameIndex, ptsUs } = frame;
      const evidence = await stage.read(frame, { frameIndex, ptsUs, faces: [face], endedTracks: [], sceneCut: false });
      const { gaze, gazeMissing } = stepGaze(
        createGazeTrack(),
        { ...filtering, contact: model.contact, maxGapSeconds },
        { ptsUs, face, evidence: evidence.get(face.trackId), blinks: createBlink() },
      );
      return { validity: face.validity, gaze, missing: gazeMissing, headYaw: face.pose?.yaw ?? null };
    },
    close,
  };
}
