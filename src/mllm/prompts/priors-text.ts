import { actionUnit } from '../../domain/action-units.js';
import { EMOTIONS } from '../../domain/affect.js';
import type { MeasuredPriors } from '../../domain/insight.js';

/** Presence from which a unit is told to the model. */
const TOLD_FROM = 0.5;
/** Most units that are told, strongest first. */
const MOST_UNITS = 8;
/** Turn of the head from which it is told, degrees. */
const TURNED_FROM = 12;
/** Sharpness below which the picture is called soft. */
const SOFT_BELOW = 0.2;

/** FACS degrees A..E for 0..5. */
function strength(intensity: number): string {
  return ['trace', 'trace', 'slight', 'marked', 'strong', 'maximal'][Math.min(5, Math.max(0, Math.round(intensity)))]!;
}

/**
 * What was measured, in words, for models without a facial prior of their own: active units with names and strengths,
 * a turned head, a soft picture. The measured emotion is left out on purpose: the model would only repeat it. Empty
 * when nothing was measured.
 */
export function priorsText(priors: MeasuredPriors): string {
  const parts = [unitsText(priors), poseText(priors), softText(priors)].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Measured on this face by instruments, which can be wrong: ${parts.join('; ')}.`;
}

function unitsText({ actionUnits }: MeasuredPriors): string {
  if (actionUnits === null) return '';
  const told = Object.entries(actionUnits)
    .filter(([key, { presence }]) => /^[1-9]\d?$/.test(key) && presence >= TOLD_FROM)
    .sort(([, a], [, b]) => b.intensity - a.intensity)
    .slice(0, MOST_UNITS)
    .map(([key, { intensity }]) => `AU${key} ${actionUnit(key).name}, ${strength(intensity)}`);
  return told.length === 0 ? 'no action unit is active' : told.join('; ');
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

/** Emotion with the highest measured probability; null without a reading. */
export function measuredEmotion(priors: MeasuredPriors): (typeof EMOTIONS)[number] | null {
  const { emotions } = priors;
  if (emotions === null || emotions.length !== EMOTIONS.length) return null;
  return EMOTIONS[emotions.indexOf(Math.max(...emotions))] ?? null;
}
