import { actionUnit } from '../../domain/action-units.js';
import type { MeasuredPriors } from '../../domain/insight.js';
import { byNumber, isUnitNumber, presenceOf } from '../unit-presence.js';

/** Turn of the head from which it is told, degrees. */
const TURNED_FROM = 12;
/** Sharpness below which the picture is called soft. */
const SOFT_BELOW = 0.2;

/** FACS degrees A..E for 0..5. */
function strength(intensity: number): string {
  return ['trace', 'trace', 'slight', 'marked', 'strong', 'maximal'][Math.min(5, Math.max(0, Math.round(intensity)))]!;
}

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
    .map((unit) => `AU${unit} ${actionUnit(unit).name}, ${strength(actionUnits[unit]!.intensity)}`);
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

function poseText({ pose }: MeasuredPriors): string {
  if (pose === null) return '';
  const degrees = (angle: number): number => Math.round((Math.abs(angle) * 180) / Math.PI);
  const parts: string[] = [];
  if (degrees(pose.yaw) >= TURNED_FROM)
    parts.push(`head turned ${degrees(pose.yaw)} degrees to the ${pose.yaw > 0 ? 'left' : 'right'} of the picture`);
  if (degrees(pose.pitch) >= TURNED_FROM)
    parts.push(`head tilted ${degrees(pose.pitch)} degrees ${pose.pitch > 0 ? 'up' : 'down'}`);
  return parts.join('; ');
}

function softText({ sharpness }: MeasuredPriors): string {
  return sharpness !== null && sharpness < SOFT_BELOW ? 'the picture is soft' : '';
}
