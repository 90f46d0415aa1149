/** Faces on which no gaze is read: eyes too small, or the far one hidden. Chosen from the card's tables (models/eye-mesh/card.md). */
export const GAZE_LIMITS = { minInterocularPx: 12, maxYawDegrees: 45 } as const;

/** Weights of the eye model in the order of the terms of gaze-of.ts, as models/training/gaze/fit.py wrote them. */
export const EYE_MODEL_WEIGHTS: {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly error: readonly number[];
} = { x: [], y: [], error: [] };
