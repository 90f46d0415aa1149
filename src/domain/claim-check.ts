/** How a claimed action unit fares against the measurement; a metric label. All but the first two: it cannot be checked. */
export const CLAIM_VERDICTS = [
  /** Measured as present. */
  'agreed',
  /** Measured as absent. */
  'contradicted',
  /** The question told what was measured of it: the model may only repeat it. */
  'told',
  /** Measured, but neither clearly present nor clearly absent. */
  'unclear',
  /** Something covers what it needs. */
  'covered',
  /** Nothing here measures it. */
  'notMeasured',
] as const;
export type ClaimVerdict = (typeof CLAIM_VERDICTS)[number];

/**
 * Claims of a text about action units against what was measured at the same frame: each claimed unit in one list, FACS
 * numbers, rising.
 */
export interface ClaimCheck extends Readonly<Record<ClaimVerdict, readonly string[]>> {
  /** Measured as clearly present and not told, but not claimed. */
  readonly omitted: readonly string[];
}
