import { actionUnit } from '../../domain/action-units.js';
import type { MeasuredPriors } from '../../domain/insight.js';
import { degreeOf } from '../degree.js';
import { poseText, softText } from '../picture-words.js';
import { byNumber, isUnitNumber, presenceOf } from '../unit-presence.js';

/**
 * What was measured, in words, for models without a facial prior of their own: units with names and strengths, present
 * and absent ones, a turned head, a soft picture. Of a unit that is not in `priors`, or too close to call, nothing is
 * said. The measured emotion is left out on purpose: the model would only repeat it. Empty when nothing was measured.
 */
export function priorsText(priors: MeasuredPriors): string {
  const units = unitsText(priors);
  const parts = [units, poseText(priors), softText(priors)].filter((part) => part !== '');
  if (parts.length === 0) return '';
  const rest = units === '' ? '' : ' Of other movements nothing is told here: judge them from the picture.';
  return `Measured on this face by instruments, which can be wrong: ${parts.join('; ')}.${rest}`;
}

function unitsText({ actionUnits }: MeasuredPriors): string {
  if (actionUnits === null) return '';
  const units = Object.keys(actionUnits).filter(isUnitNumber);
  const present = units
    .filter((unit) => presenceOf(actionUnits, unit) === true)
    .sort((a, b) => actionUnits[b]!.intensity - actionUnits[a]!.intensity)
    .map((unit) => `AU${unit} ${actionUnit(unit).name}, ${degreeOf(actionUnits[unit]!.intensity)}`);
  const absent = units
    .filter((unit) => presenceOf(actionUnits, unit) === false)
    .sort(byNumber)
    .map((unit) => `AU${unit} ${actionUnit(unit).name}`);
  return [
    present.length === 0 ? '' : `active are ${present.join('; ')}`,
    absent.length === 0 ? '' : `not active are ${absent.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join('; ');
}
