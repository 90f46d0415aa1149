import type { Emotion } from '../domain/affect.js';
import { EMOTIONS } from '../domain/affect.js';
import { CLAIM_VERDICTS, type ClaimCheck, type ClaimVerdict, type MeasuredPriors } from '../domain/insight.js';
import { byNumber, CLEAR_FROM, isUnitNumber, presenceOf } from './unit-presence.js';

/**
 * Claimed action units against those measured at the evidence frame. A unit that was told, is too close to call, is
 * covered or is not measured cannot be checked, and each of these is a list of its own.
 *
 * @param told - units whose measurement was in the question
 * @param asked - whether the question asked for all units; only then is a silent one an omission
 */
export function checkClaims({
  claimed,
  measured,
  told,
  asked,
}: {
  readonly claimed: readonly string[];
  readonly measured: Pick<MeasuredPriors, 'actionUnits' | 'covered'>;
  readonly told: readonly string[];
  readonly asked: boolean;
}): ClaimCheck {
  const { actionUnits, covered } = measured;
  const verdictOf = (unit: string): ClaimVerdict => {
    if (told.includes(unit)) return 'told';
    const present = presenceOf(actionUnits, unit);
    if (present === undefined) return covered.includes(unit) ? 'covered' : 'notMeasured';
    if (present === null) return 'unclear';
    return present ? 'agreed' : 'contradicted';
  };
  const units = [...new Set(claimed)].sort(byNumber);
  const lists = Object.fromEntries(
    CLAIM_VERDICTS.map((verdict) => [verdict, units.filter((unit) => verdictOf(unit) === verdict)]),
  ) as Record<ClaimVerdict, string[]>;
  const isMissed = (unit: string): boolean =>
    isUnitNumber(unit) && actionUnits![unit]!.presence >= CLEAR_FROM && !told.includes(unit) && !units.includes(unit);
  return {
    ...lists,
    omitted: asked
      ? Object.keys(actionUnits ?? {})
          .filter(isMissed)
          .sort(byNumber)
      : [],
  };
}

/** Distance of the named emotion's share from the best other one's below which they are too close to call. */
const EMOTION_MARGIN = 0.1;

/** Whether a named emotion is the measured one; null where it cannot be checked. */
export function agreesWith(named: Emotion | null, measured: MeasuredPriors['emotions']): boolean | null {
  if (named === null || measured?.length !== EMOTIONS.length) return null;
  const at = EMOTIONS.indexOf(named);
  const margin = measured[at]! - Math.max(...measured.filter((_, index) => index !== at));
  return Math.abs(margin) < EMOTION_MARGIN ? null : margin > 0;
}
