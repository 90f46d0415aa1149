import type { FaceQuality, HeadPose, Validity } from '../domain/face.js';

/**
 * Limits beyond which a face is reported without an affect reading. Eye distance and sharpness follow the measured error
 * (models/mien-affect/card.md): at 7 px emotions are right in 0.81 of FER+ valid, at 6 px in 0.79, below a sharpness of
 * 0.04 in 0.60. The other limits are chosen.
 */
export interface ValidityLimits {
  /** Eye distance in frame pixels; about 0.42 of the face's width. Lowering it reads smaller, less certain faces. */
  readonly minInterocularPx: number;
  /** Degrees of yaw and of pitch. */
  readonly maxYawDegrees: number;
  readonly maxPitchDegrees: number;
  /** FaceMesh presence, 0..1. */
  readonly minPresence: number;
  /** Share of the face inside the frame, 0..1. */
  readonly minInsideFrame: number;
  /** Sharpness of the aligned crop; 0 switches the check off. */
  readonly minSharpness: number;
}

export const DEFAULT_VALIDITY: ValidityLimits = {
  minInterocularPx: 9,
  maxYawDegrees: 60,
  maxPitchDegrees: 45,
  minPresence: 0.5,
  minInsideFrame: 0.75,
  minSharpness: 0.04,
};

const DEGREE = Math.PI / 180;

/** The first reason why this face should not be read, or `ok`. A sharpness that was not measured is not judged. */
export function judgeValidity(quality: FaceQuality, pose: HeadPose, limits: ValidityLimits): Validity {
  if (quality.presence < limits.minPresence) return 'low-confidence';
  if (quality.interocularPx < limits.minInterocularPx) return 'too-small';
  if (quality.insideFrame < limits.minInsideFrame) return 'out-of-frame';
  if (Math.abs(pose.yaw) > limits.maxYawDegrees * DEGREE) return 'profile';
  if (Math.abs(pose.pitch) > limits.maxPitchDegrees * DEGREE) return 'profile';
  if (quality.sharpness !== null && quality.sharpness < limits.minSharpness) return 'blurred';
  return 'ok';
}
