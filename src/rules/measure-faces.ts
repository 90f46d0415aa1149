import { assertNever } from '../domain/errors.js';
import type { FaceRecordJson } from '../domain/record-fields.js';
import type { RuleCondition } from '../domain/rules.js';

/** What rules read of a face: a line of records.jsonl, with the zones it is in where there are any. */
export type RuleFace = Pick<
  FaceRecordJson,
  'track' | 'label' | 'confidence' | 'emotions' | 'valenceArousal' | 'actionUnits'
> & { readonly zones?: readonly string[] | null };

/** The subject of conditions that are about no single face. */
export const NO_SUBJECT = -1;

type FaceCondition = Exclude<RuleCondition, { type: 'camera' }>;

/** The faces of one frame that meet a condition, by track, with what was measured of each. */
export function measureFaces(
  when: FaceCondition,
  faces: readonly RuleFace[],
  zone: string | null,
): ReadonlyMap<number, number> {
  const inZone = faces.filter(({ track, zones }) => track !== null && (zone === null || zones?.includes(zone)));
  if (when.type === 'faces') {
    const count = inZone.length;
    return isWithin(count, when.least, when.most) ? new Map([[NO_SUBJECT, count]]) : new Map();
  }
  const met = new Map<number, number>();
  for (const face of inZone) {
    const value = measureFace(when, face);
    if (value !== null) met.set(face.track!, value);
  }
  return met;
}

const isWithin = (value: number, least: number | null, most: number | null): boolean =>
  (least === null || value >= least) && (most === null || value <= most);

/** What was measured of a face that meets the condition; null for one that does not, or of which it is not known. */
function measureFace(when: Exclude<FaceCondition, { type: 'faces' }>, face: RuleFace): number | null {
  switch (when.type) {
    case 'expression': {
      const { label, confidence } = face;
      return label !== null && confidence !== null && when.is.includes(label) && confidence >= when.sure
        ? confidence
        : null;
    }
    case 'action-unit': {
      const reading = face.actionUnits?.[when.unit];
      const intensity = reading?.intensity?.smoothed ?? null;
      const presence = reading?.presence?.smoothed ?? null;
      if (presence === null || presence < when.sure) return null;
      if (when.intensity === 0) return intensity ?? presence;
      return intensity !== null && intensity >= when.intensity ? intensity : null;
    }
    case 'valence': {
      const valence = face.valenceArousal?.smoothed.valence;
      return valence !== undefined && isWithin(valence, when.above, when.below) ? valence : null;
    }
    default:
      return assertNever(when);
  }
}
