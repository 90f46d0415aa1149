import type { AffectEvidence } from './affect.js';

/** How far evidence that arrives after its frame is trusted. */
export interface LateTrust {
  /** Log-odds are multiplied by this before they are added. Higher: it is trusted more. */
  readonly gain: number;
  /** Most that one reading adds to one centred log-odds, before its weight. Higher: one reading can overrule more. */
  readonly maxLogit: number;
}

export const LATE_TRUST: LateTrust = { gain: 0.5, maxLogit: 3 };

/**
 * What late evidence adds to the log-odds at its own media time: centred logits times `gain`, held to ±`maxLogit`, times
 * the evidence's weight. Elsewhere in time it is the caller's to weigh it less.
 */
export function lateLogOdds(
  { emotionLogits, weight }: Pick<AffectEvidence, 'emotionLogits' | 'weight'>,
  { gain, maxLogit }: LateTrust,
): number[] {
  const mean = emotionLogits.reduce((a, b) => a + b, 0) / emotionLogits.length;
  return emotionLogits.map((z) => weight * Math.min(maxLogit, Math.max(-maxLogit, gain * (z - mean))));
}

/** Why evidence for an earlier media time was refused; a metric label. */
export const LATE_REFUSALS = [
  /** Older than the window, or than what is remembered of the track. */
  'too-late',
  'not-yet-seen',
  'unknown-track',
  'duplicate',
  /** Too much late evidence waits for this track. */
  'over-capacity',
  'invalid',
] as const;
export type LateRefusal = (typeof LATE_REFUSALS)[number];
