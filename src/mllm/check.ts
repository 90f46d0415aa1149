import type { ClaimCheck, Insight, MeasuredPriors } from '../domain/insight.js';

export interface CheckOptions {
  /** Presence from which a claimed unit agrees with the measurement. Default 0.5. */
  readonly presentFrom?: number;
  /** Presence up to which a claimed unit contradicts it. Between the two it is not clear enough: unverifiable. Default 0.3. */
  readonly absentTo?: number;
  /** Presence from which a unit that is not claimed counts as omitted. Default 0.8. */
  readonly clearFrom?: number;
}

export const CHECK_DEFAULTS: Required<CheckOptions> = { presentFrom: 0.5, absentTo: 0.3, clearFrom: 0.8 };

/**
 * Claimed action units against those measured at the evidence frame, FACS numbers, each list rising. Without a
 * measurement every claim is unverifiable, and so is a unit the model does not measure.
 *
 * @param asked - whether the question asked for all units; only then is a silent one an omission
 */
export function checkClaims(
  input: {
    readonly claimed: readonly string[];
    readonly measured: MeasuredPriors['actionUnits'];
    readonly asked: boolean;
  },
  options: CheckOptions = {},
): ClaimCheck {
  const { presentFrom, absentTo, clearFrom } = { ...CHECK_DEFAULTS, ...options };
  const measured = input.measured ?? {};
  const presence = (unit: string): number | null =>
    Object.hasOwn(measured, unit) && Number.isFinite(measured[unit]!.presence) ? measured[unit]!.presence : null;
  const claimed = [...new Set(input.claimed)].sort(rising);
  const agreed = claimed.filter((unit) => (presence(unit) ?? -1) >= presentFrom);
  const contradicted = claimed.filter((unit) => (presence(unit) ?? 2) <= absentTo);
  return {
    agreed,
    contradicted,
    omitted: input.asked
      ? Object.keys(measured)
          .filter((unit) => /^[1-9]\d?$/.test(unit) && (presence(unit) ?? -1) >= clearFrom && !claimed.includes(unit))
          .sort(rising)
      : [],
    unverifiable: claimed.filter((unit) => !agreed.includes(unit) && !contradicted.includes(unit)),
  };
}

const rising = (a: string, b: string): number => Number(a) - Number(b);

/** Counts over the insights of one engine. */
export interface EngineTally {
  readonly insights: number;
  readonly unparsable: number;
  readonly agreed: number;
  readonly contradicted: number;
  readonly omitted: number;
  readonly unverifiable: number;
  readonly emotionsCompared: number;
  readonly emotionsDisagreed: number;
}

export const EMPTY_TALLY: EngineTally = {
  insights: 0,
  unparsable: 0,
  agreed: 0,
  contradicted: 0,
  omitted: 0,
  unverifiable: 0,
  emotionsCompared: 0,
  emotionsDisagreed: 0,
};

/** The tally with one more insight. */
export function tallyInsight(tally: EngineTally, insight: Insight): EngineTally {
  const { check, agreesWithMeasured } = insight;
  return {
    insights: tally.insights + 1,
    unparsable: tally.unparsable + (insight.parsed === 'unparsable' ? 1 : 0),
    agreed: tally.agreed + check.agreed.length,
    contradicted: tally.contradicted + check.contradicted.length,
    omitted: tally.omitted + check.omitted.length,
    unverifiable: tally.unverifiable + check.unverifiable.length,
    emotionsCompared: tally.emotionsCompared + (agreesWithMeasured === null ? 0 : 1),
    emotionsDisagreed: tally.emotionsDisagreed + (agreesWithMeasured === false ? 1 : 0),
  };
}

/** Shares 0..1; null while nothing could be compared. */
export interface EngineRates {
  /** Claimed units measured as absent, of all claims that could be checked. */
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
