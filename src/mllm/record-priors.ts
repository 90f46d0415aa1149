import type { MeasuredPriors } from '../domain/insight.js';
import type { FaceRecord } from '../domain/records.js';

/** What a record measured, smoothed; an action unit with sides only counts as its stronger one, a
 * unit without a presence is covered. No emotion in AU-only mode. */
export function recordPriors(record: FaceRecord): MeasuredPriors {
  const units = record.actionUnits && unitsOf(record.actionUnits);
  return {
    emotions: record.emotions?.smoothed ?? null,
    actionUnits: units,
    covered: Object.keys(record.actionUnits ?? {})
      .map(unitOf)
      .filter((unit, index, all) => all.indexOf(unit) === index && !Object.hasOwn(units ?? {}, unit)),
    pose: record.pose,
    sharpness: record.quality?.sharpness ?? null,
  };
}

const unitOf = (key: string): string => key.replace(/[LR]$/, '');

type Units = NonNullable<MeasuredPriors['actionUnits']>;

function unitsOf(readings: NonNullable<FaceRecord['actionUnits']>): Units {
  const units: Record<string, Units[string]> = {};
  for (const [key, { presence, intensity }] of Object.entries(readings)) {
    if (presence === null) continue;
    const unit = unitOf(key);
    if (unit !== key && Object.hasOwn(readings, unit)) continue;
    const before = Object.hasOwn(units, unit) ? units[unit]! : { presence: 0, intensity: 0 };
    units[unit] = {
      presence: Math.max(before.presence, presence.smoothed),
      intensity: Math.max(before.intensity, intensity?.smoothed ?? 0),
    };
  }
  return units;
}
