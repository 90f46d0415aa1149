import { type AffectEvidence, EMOTIONS } from '../domain/affect.js';
import type { FusedEstimate, MeasuredPriors } from '../domain/insight.js';
import { LATE_TRUST, lateLogOdds } from '../domain/late-evidence.js';
import { probability } from '../domain/units.js';

/**
 * The measured emotions of the frame that was asked about with what an insight says (`insightEvidence`) weighed in: what the temporal stage would say
 * of that frame with this evidence (distance 0, so without decay). Changes nothing that was measured.
 *
 * @returns null without evidence, and when no emotion was measured (also in AU-only mode)
 */
export function fuseInsight(
  evidence: AffectEvidence | null,
  measured: MeasuredPriors['emotions'],
): FusedEstimate | null {
  if (evidence === null || measured?.length !== EMOTIONS.length) return null;
  const logOdds = lateLogOdds(evidence, LATE_TRUST);
  const odds = measured.map((share, k) => share * Math.exp(logOdds[k]!));
  const sum = odds.reduce((a, b) => a + b, 0);
  if (!(sum > 0 && Number.isFinite(sum))) return null;
  const top = odds.indexOf(Math.max(...odds));
  return { emotion: EMOTIONS[top]!, probability: probability(odds[top]! / sum), weight: evidence.weight };
}
