import type { ClaimCheck, Insight } from '../domain/insight.js';

/** Counts over the insights of one engine; of units, in all of its answers. */
export interface EngineTally extends Readonly<Record<keyof ClaimCheck, number>> {
  readonly insights: number;
  readonly unparsable: number;
  readonly emotionsCompared: number;
  readonly emotionsDisagreed: number;
}

export const EMPTY_TALLY: EngineTally = {
  insights: 0,
  unparsable: 0,
  agreed: 0,
  contradicted: 0,
  told: 0,
  unclear: 0,
  covered: 0,
  notMeasured: 0,
  omitted: 0,
  emotionsCompared: 0,
  emotionsDisagreed: 0,
};

/** The tally with one more insight. */
export function tallyInsight(tally: EngineTally, { check, agreesWithMeasured, parsed }: Insight): EngineTally {
  return {
    insights: tally.insights + 1,
    unparsable: tally.unparsable + (parsed === 'unparsable' ? 1 : 0),
    agreed: tally.agreed + check.agreed.length,
    contradicted: tally.contradicted + check.contradicted.length,
    told: tally.told + check.told.length,
    unclear: tally.unclear + check.unclear.length,
    covered: tally.covered + check.covered.length,
    notMeasured: tally.notMeasured + check.notMeasured.length,
    omitted: tally.omitted + check.omitted.length,
    emotionsCompared: tally.emotionsCompared + (agreesWithMeasured === null ? 0 : 1),
    emotionsDisagreed: tally.emotionsDisagreed + (agreesWithMeasured === false ? 1 : 0),
  };
}

/** Shares 0..1; null while nothing could be compared. */
export interface EngineRates {
  /** Claimed units measured as absent, of all claims that could be checked: never of what was told. */
  readonly hallucination: number | null;
  /** Emotions other than the measured one, of all that could be compared. */
  readonly disagreement: number | null;
  /** Answers that could not be read. */
  readonly unparsable: number | null;
}

export function engineRates(tally: EngineTally): EngineRates {
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    hallucination: share(tally.contradicted, tally.agreed + tally.contradicted),
    disagreement: share(tally.emotionsDisagreed, tally.emotionsCompared),
    unparsable: share(tally.unparsable, tally.insights),
  };
}
