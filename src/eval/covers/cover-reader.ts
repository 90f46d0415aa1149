import { readVisibility } from '../../affect/read-visibility.js';
import { alignmentPoints } from '../../domain/alignment.js';
import { AffectError } from '../../domain/errors.js';
import type { Validity } from '../../domain/face.js';
import type { FaceCover } from '../../domain/face-parts.js';
import { isOcclusion } from '../../models/manifest.js';
import { coverOf, createCover, stepCover } from '../../temporal/cover.js';
import { TEMPORAL_DEFAULTS } from '../../temporal/default-options.js';
import { alignmentTemplate } from '../face-aligner.js';
import type { GrayImage } from '../gray-image.js';
import { openStillModels, type Still, type StillOptions } from '../still-models.js';

/** What mien says lies before the largest face of a photograph. */
export interface StillCover {
  /** Why nothing is read of the face, or `ok`; `no-face` where none is found. */
  readonly validity: Validity;
  /** As in a record of a single frame; null where the face is not read. */
  readonly cover: FaceCover | null;
}

/** Reads covers of photographs as `mien analyze` reads those of single frames. */
export interface CoverReader extends Still {
  measure(image: GrayImage): Promise<StillCover>;
}

/** Starts one lane with the detectors, the mesh and mien-occlusion. Rejects with what models and lanes raise. */
export async function openCoverReader(options: StillOptions = {}, signal?: AbortSignal): Promise<CoverReader> {
  const { device, precision, models, runModel, finder, close } = await openStillModels(
    ['mien-occlusion'],
    options,
    signal,
  );
  const manifest = models.map((model) => model.manifest).find(isOcclusion);
  if (!manifest) throw new AffectError('MODEL_INVALID', 'mien-occlusion has no weights; run mien models verify');
  const { id, version } = manifest;
  const looking = { runModel, modelId: id, alignment: alignmentTemplate(manifest.alignment), alignmentPoints };
  const { cover: rules, maxGapSeconds } = TEMPORAL_DEFAULTS;
  return {
    device,
    precision,
    model: { id, version },
    async measure(image) {
      const found = await finder.find(image);
      if (!found) return { validity: 'no-face', cover: null };
      const { frame, face } = found;
      const { index: frameIndex, ptsUs } = frame;
      const located = { frameIndex, ptsUs, faces: [face], endedTracks: [], sceneCut: false };
      const visibility = (await readVisibility(frame, located, looking)).get(face.trackId);
      const memory = createCover();
      if (visibility) stepCover(memory, rules, { ptsUs, visibility, maxGapSeconds });
      return { validity: face.validity, cover: coverOf(memory) };
    },
    close,
  };
}
