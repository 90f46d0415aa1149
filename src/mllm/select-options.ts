import { MLLM_DEFAULTS } from '../domain/mllm-defaults.js';
import type { EpisodeKind } from '../domain/records.js';
import type { Budget } from './keyframe-budget.js';

/** When a face is worth a question. */
export interface SelectOptions {
  /** Seconds of media time between keyframes of a track, at least. Raising it asks less often. */
  readonly minIntervalSeconds: number;
  /** Seconds after which even a small change is enough. */
  readonly maxIntervalSeconds: number;
  /** Change since the last keyframe (0..1, see noveltyBetween) that is enough by itself. */
  readonly novelFrom: number;
  /** Change below which a face shows nothing that the last keyframe did not. */
  readonly duplicateBelow: number;
  /** Seconds after its highest point at which an episode's apex counts as passed. */
  readonly apexSettleSeconds: number;
  /** Rise of an episode's peak after a keyframe of it that makes another apex, 0..1. */
  readonly apexRise: number;
  /** Episodes that are asked about. */
  readonly episodeKinds: readonly EpisodeKind[];
  /** Turn of the head beyond which a face is not frontal enough, degrees. */
  readonly maxYawDegrees: number;
  readonly maxPitchDegrees: number;
  /** Eye distance in frame pixels and sharpness (0..1; null is not judged), at least. */
  readonly minInterocularPx: number;
  readonly minSharpness: number;
  /** Keyframes of one camera or file; null: no limit. */
  readonly perCamera: Budget | null;
  /** Keyframes of all together; null: no limit. */
  readonly overall: Budget | null;
  /** Tracks that are remembered; the one seen longest ago is forgotten first. */
  readonly maxTracks: number;
}

export const SELECT_DEFAULTS: SelectOptions = {
  minIntervalSeconds: MLLM_DEFAULTS.minIntervalMs / 1000,
  maxIntervalSeconds: MLLM_DEFAULTS.maxIntervalMs / 1000,
  novelFrom: 0.25,
  duplicateBelow: 0.06,
  apexSettleSeconds: 0.2,
  apexRise: 0.15,
  episodeKinds: ['emotion', 'action-unit'],
  maxYawDegrees: 35,
  maxPitchDegrees: 30,
  minInterocularPx: 24,
  minSharpness: 0.15,
  perCamera: { perMinute: MLLM_DEFAULTS.perCameraPerMinute, burst: 3 },
  overall: { perMinute: MLLM_DEFAULTS.overallPerMinute, burst: 12 },
  maxTracks: 1000,
};
