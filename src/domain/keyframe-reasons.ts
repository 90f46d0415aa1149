/** Why a keyframe was chosen. */
export const KEYFRAME_REASONS = ['first', 'novelty', 'episode', 'apex', 'interval', 'asked'] as const;
export type KeyframeReason = (typeof KEYFRAME_REASONS)[number];

/** Why a face was not sent; a metric label. */
export const SKIP_REASONS = [
  'invalid',
  'too-soon',
  'not-frontal',
  'poor-quality',
  'near-duplicate',
  'nothing-new',
  'camera-budget',
  'overall-budget',
  'queue-full',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];
