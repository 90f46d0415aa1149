/** Face detector: full range; short range, for faces within 2 m, which is faster; or both. */
export const DETECTORS = ['full', 'short', 'both'] as const;
/** Which faces are looked for: at full range, at short range (within 2 m, faster), or both. */
export type DetectorChoice = (typeof DETECTORS)[number];
export const DEFAULT_DETECTOR: DetectorChoice = 'full';
