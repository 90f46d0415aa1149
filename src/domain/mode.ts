/** full: emotions and movements. au-only: face movements; no emotion is inferred. */
export const MODES = ['full', 'au-only'] as const;
export type Mode = (typeof MODES)[number];
