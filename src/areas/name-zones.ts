import type { Area } from '../domain/areas.js';
import type { FaceRecord } from '../domain/records.js';
import { isInside } from './polygon.js';

/** The size of the picture that boxes refer to. */
interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Pure: the records of a frame, each face with the names of the zones that the centre of its box lies in, in the order
 * of the zones. Without zones, and without a face, a record has none of it.
 */
export function nameZones(
  records: readonly FaceRecord[],
  zones: readonly Area[],
  { widthPx, heightPx }: Size,
): readonly FaceRecord[] {
  if (zones.length === 0) return records;
  return records.map((record) => {
    const { box } = record;
    if (!box) return record;
    const centre = [(box.left + box.right) / 2 / widthPx, (box.top + box.bottom) / 2 / heightPx] as const;
    return { ...record, zones: zones.filter(({ points }) => isInside(points, centre)).map(({ name }) => name) };
  });
}
