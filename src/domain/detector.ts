/**
 * Face detector: full range alone; short range alone, for faces within 2 m, which is faster; or full range, with short
 * range for large and turned faces.
 */
export const DETECTORS = ['full', 'short', 'both'] as const;
/** One of DETECTORS. */
export type DetectorChoice = (typeof DETECTORS)[number];
export const DEFAULT_DETECTOR: DetectorChoice = 'both';
