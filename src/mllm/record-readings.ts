import { FACE_PARTS } from '../domain/face-parts.js';
import type { FaceReadings, UnitReading, UnitReadings } from '../domain/face-readings.js';
import type { FaceRecord } from '../domain/records.js';

/** What a record measured, smoothed, as words are made of it. */
export function recordReadings(record: FaceRecord, onset: FaceReadings['onset'] = null): FaceReadings {
  const { validity, emotions, actionUnits, cover, pose, quality, missing } = record;
  return {
    validity,
    infersEmotions: missing.emotions !== 'au-only',
    emotions: emotions?.smoothed ?? null,
    units: actionUnits && unitReadings(actionUnits),
    coveredParts: cover === null ? [] : FACE_PARTS.filter((part) => cover[part].covered),
    pose,
    sharpness: quality?.sharpness ?? null,
    onset,
  };
}

/** The smoothed values of a record's action units. */
export function unitReadings(units: NonNullable<FaceRecord['actionUnits']>): UnitReadings {
  return Object.fromEntries(
    Object.entries(units).map(([key, { presence, intensity, active }]): [string, UnitReading] => [
      key,
      { presence: presence?.smoothed ?? null, intensity: intensity?.smoothed ?? null, active },
    ]),
  );
}
