import type { EmotionDistribution } from './affect.js';
import type { HeadPose, Validity } from './face.js';
import type { FacePart } from './face-parts.js';

/** One action unit, smoothed. `presence` is null where something covers what it needs. */
export interface UnitReading {
  readonly presence: number | null;
  /** 0..5; null where the model gives none. */
  readonly intensity: number | null;
  readonly active: boolean | null;
}

/** By key: "12", "12L". */
export type UnitReadings = Readonly<Record<string, UnitReading>>;

/** What one record measured of a face, smoothed: all that words without a model are made of. */
export interface FaceReadings {
  readonly validity: Validity;
  /** False in AU-only mode. */
  readonly infersEmotions: boolean;
  readonly emotions: EmotionDistribution | null;
  readonly units: UnitReadings | null;
  readonly coveredParts: readonly FacePart[];
  readonly pose: HeadPose | null;
  /** 0..1; null when no crop was sampled. */
  readonly sharpness: number | null;
  /** The units when its episode began, and how long before that was; null where nothing is known of it. */
  readonly onset: { readonly units: UnitReadings; readonly secondsBefore: number } | null;
}
