import type { MissingReason } from './record-fields.js';
import type { Probability, Radians } from './units.js';

/**
 * Where something looks, in the signs of the head pose: yaw > 0 to the left of the image, pitch > 0 up, relative to the
 * line of sight to the face, so that 0, 0 is into the camera wherever the face is in the frame. As a unit vector in camera
 * axes turned to that line (x right, y down, z away): (-sin yaw cos pitch, -sin pitch, -cos yaw cos pitch).
 */
export interface GazeAngles {
  readonly yaw: Radians;
  readonly pitch: Radians;
}

/** The unit vector of a gaze, in camera axes turned to the line of sight: x right, y down, z away. */
export function gazeVector({ yaw, pitch }: GazeAngles): readonly [x: number, y: number, z: number] {
  return [-Math.sin(yaw) * Math.cos(pitch), -Math.sin(pitch), -Math.cos(yaw) * Math.cos(pitch)];
}

/** The angle between a gaze and the line to the camera, radians. */
export function angleToCamera({ yaw, pitch }: GazeAngles): number {
  return Math.acos(Math.cos(yaw) * Math.cos(pitch));
}

/** What the eyes of one face look like in one frame, before time is considered. */
export interface GazeReading {
  /** Of each eye, the subject's right and left. */
  readonly right: EyeGaze;
  readonly left: EyeGaze;
}

/** The direction of one eye, and how far from it the truth usually is. */
export interface EyeGaze extends GazeAngles {
  /** Expected angle to the true direction. */
  readonly error: Radians;
}

/** A reading, or why there is none. */
export type GazeEvidence = GazeReading | { readonly missing: MissingReason };

/** What a record says of where a face looks. */
export interface GazeState {
  /** Both eyes together, as last read: in this frame, or within a tenth of a second before. */
  readonly raw: GazeAngles;
  /** The same, filtered over time. */
  readonly smoothed: GazeAngles;
  /** Single eyes as read; null for one that is closed. */
  readonly right: GazeAngles | null;
  readonly left: GazeAngles | null;
  /** Expected angle between `raw` and the truth. */
  readonly error: Radians;
  /** Probability that the camera is looked at, within five degrees. */
  readonly contact: Probability;
}

/** Weights of the network that turns what is seen of an eye into a direction (models/eye-mesh/gaze.json, models/training/gaze). */
export interface GazeModel {
  /** Of each input: its mean, and its deviation. */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  /** By hidden unit, one weight an input. */
  readonly hidden: readonly (readonly number[])[];
  readonly hiddenBias: readonly number[];
  /** By axis (x, y), one weight a hidden unit. */
  readonly out: readonly (readonly number[])[];
  readonly outBias: readonly number[];
  /** Log of the expected error, in the order of errorTerms in src/gaze/gaze-of.ts. */
  readonly error: readonly number[];
  /** Log-odds of looking at the camera: bias, per radian of expected error, and per angle to it over that error. */
  readonly contact: readonly number[];
}
