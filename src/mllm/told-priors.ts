import type { MeasuredPriors } from '../domain/insight.js';
import { byNumber, isUnitNumber, presenceOf } from './unit-presence.js';

/** Neighbours in FACS order lie near each other on the face (1 and 2, 25 and 26) and are told or held back together. */
const TOGETHER = 2;

/**
 * What of a measurement a question may tell: of the units that are clear, one half; the other half at the track's next
 * keyframe, so that the check always has units that the model was not told, and each unit its turn. What is too close to
 * call is never told.
 *
 * @param ordinal - of the keyframe in its track, from 0
 */
export function toldPriors(priors: MeasuredPriors, ordinal: number): MeasuredPriors {
  const { actionUnits } = priors;
  if (actionUnits === null) return priors;
  const told = Object.keys(actionUnits)
    .filter(isUnitNumber)
    .sort(byNumber)
    .filter((_, index) => (Math.floor(index / TOGETHER) + ordinal) % 2 === 0)
    .filter((unit) => typeof presenceOf(actionUnits, unit) === 'boolean');
  return { ...priors, actionUnits: Object.fromEntries(told.map((unit) => [unit, actionUnits[unit]!])) };
}
