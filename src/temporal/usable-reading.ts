import { type ActionUnitEvidence, type AffectEvidence, EMOTIONS } from '../domain/affect.js';
import type { TrackedFace } from '../domain/face.js';
import type { MissingReason } from '../domain/records.js';
import type { TemporalOptions } from './options.js';

/** What the affect stage says of a track in this frame: evidence, or why there is none. */
export type TrackReading =
  | AffectEvidence
  | {
      /** Why there are no emotions. */
      readonly missing: MissingReason;
      /** Action units without emotions: those are then left out by choice ('au-only'). */
      readonly actionUnits?: { readonly evidence: ActionUnitEvidence; readonly weight: number };
    };

/** What counts the readings that were not sound. */
interface Counters {
  invalidReadings: number;
}

/** The emotions of a reading if they may be used: valid face, right length, finite values. */
export function usableEmotions(counters: Counters, face: TrackedFace, reading: TrackReading | undefined): TrackReading {
  if (face.validity !== 'ok') return { missing: face.validity };
  if (reading === undefined) return { missing: 'model-off' };
  if ('missing' in reading) return reading;
  const { emotionLogits, weight } = reading;
  if (emotionLogits.length === EMOTIONS.length && emotionLogits.every(Number.isFinite) && weight >= 0 && weight <= 1) {
    return reading;
  }
  counters.invalidReadings += 1;
  return { missing: 'low-confidence' };
}

/** The action units of a reading if they may be used: valid face, one finite value per unit. */
export function usableActionUnits(
  counters: Counters,
  options: TemporalOptions,
  given: { readonly face: TrackedFace; readonly reading: TrackReading | undefined },
): { readonly evidence: ActionUnitEvidence; readonly weight: number } | { readonly missing: MissingReason } {
  const { face, reading } = given;
  const units = options.actionUnitKeys.length;
  if (units === 0) return { missing: 'not-supported' };
  if (face.validity !== 'ok') return { missing: face.validity };
  if (reading === undefined) return { missing: 'model-off' };
  const usedAlone = 'missing' in reading;
  if (usedAlone && !reading.actionUnits && reading.missing !== 'au-only') return { missing: reading.missing };
  const evidence = usedAlone ? reading.actionUnits?.evidence : reading.actionUnits;
  if (!evidence) return { missing: 'not-supported' };
  const weight = usedAlone ? reading.actionUnits!.weight : reading.weight;
  const rows = [evidence.presenceLogits, evidence.intensities];
  const sound = rows.every((row) => row.length === units && row.every(Number.isFinite));
  if (sound && weight >= 0 && weight <= 1) return { evidence, weight };
  counters.invalidReadings += 1;
  return { missing: 'low-confidence' };
}
