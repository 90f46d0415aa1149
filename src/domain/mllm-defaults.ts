/** How a multimodal LLM is asked where nobody says, whichever door its settings come in by (docs/mllm.md). */
export const MLLM_DEFAULTS = {
  /** Put what was measured into the question. */
  priors: true,
  /** Side of the pictures that are sent: that of CLIP ViT-L/14-336 of LLaVA-1.5; UniFER was run on 224. */
  imagePx: 336,
  /** Most keyframes a minute. */
  perCameraPerMinute: 12,
  overallPerMinute: 60,
  /** Between keyframes of one face: at least, and until even a small change is enough. */
  minIntervalMs: 2000,
  maxIntervalMs: 30_000,
  /** Longest wait for one answer. */
  timeoutMs: 30_000,
  /** How much an insight counts beside the measurement, 0..1. */
  weight: 0.3,
  /** Time from its frame at which an insight counts about a third. */
  decayMs: 1500,
} as const;
