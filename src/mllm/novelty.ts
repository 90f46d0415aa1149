import type { MeasuredPriors } from '../domain/insight.js';

type Reading = Pick<MeasuredPriors, 'emotions' | 'actionUnits'>;

/**
 * How far a face is from an earlier reading, 0..1: the larger of the total variation distance of the smoothed emotion
 * distributions and the Euclidean distance of the action unit intensities over 5 (one unit moved by 1.25 degrees is
 * 0.25), over the units in both. What either reading lacks is left out; without anything in common it is 1.
 */
export function noveltyBetween(before: Reading, now: Reading): number {
  const emotion = emotionDistance(before.emotions, now.emotions);
  const units = unitDistance(before.actionUnits, now.actionUnits);
  return emotion === null && units === null ? 1 : Math.max(emotion ?? 0, units ?? 0);
}

function emotionDistance(before: Reading['emotions'], now: Reading['emotions']): number | null {
  if (before === null || now === null || before.length !== now.length) return null;
  return Math.min(1, before.reduce((sum, p, k) => sum + Math.abs(p - now[k]!), 0) / 2);
}

function unitDistance(before: Reading['actionUnits'], now: Reading['actionUnits']): number | null {
  if (before === null || now === null) return null;
  const shared = Object.keys(now).filter((unit) => Object.hasOwn(before, unit));
  if (shared.length === 0) return null;
  const squares = shared.reduce((sum, unit) => sum + (now[unit]!.intensity - before[unit]!.intensity) ** 2, 0);
  return Math.min(1, Math.sqrt(squares) / 5);
}
