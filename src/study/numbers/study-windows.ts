import type { StudySession } from '../../domain/study.js';
import type { WindowKind } from './number-row.js';

/** Kind of the markers that show a person's resting face, which other numbers are told relative to. */
export const BASELINE_KIND = 'baseline';

/** Session time that numbers are of: `fromUs <= t < toUs`. */
export interface StudyWindow {
  readonly kind: WindowKind;
  readonly markerId: string | null;
  readonly marker: string | null;
  readonly markerKind: string | null;
  readonly fromUs: number;
  readonly toUs: number;
}

/** The whole of a session. */
export const sessionWindow = ({ fromUs, toUs }: { readonly fromUs: number; readonly toUs: number }): StudyWindow => ({
  kind: 'session',
  markerId: null,
  marker: null,
  markerKind: null,
  fromUs,
  toUs,
});

/** The markers of a session that are about all of these people, in the order of the study. */
export function markerWindows({ markers }: StudySession, people: readonly string[]): readonly StudyWindow[] {
  return markers
    .filter(({ participant }) => participant === null || people.every((person) => person === participant))
    .map(({ id, label, kind, fromUs, toUs }) => ({
      kind: 'marker',
      markerId: id,
      marker: label,
      markerKind: kind,
      fromUs,
      toUs,
    }));
}

interface Range {
  readonly fromUs: number;
  readonly toUs: number;
}

/** What of a session numbers of these people leave out: in order, no two of them touching. */
export function excludedOf({ excluded }: StudySession, people: readonly string[]): readonly Range[] {
  const own = excluded
    .filter(({ participant }) => participant === null || people.includes(participant))
    .sort((a, b) => a.fromUs - b.fromUs);
  const merged: { fromUs: number; toUs: number }[] = [];
  for (const { fromUs, toUs } of own) {
    const last = merged.at(-1);
    if (last && fromUs <= last.toUs) last.toUs = Math.max(last.toUs, toUs);
    else merged.push({ fromUs, toUs });
  }
  return merged;
}

/** Microseconds of a window that are not left out. */
export function countedUs({ fromUs, toUs }: Range, excluded: readonly Range[]): number {
  return excluded.reduce(
    (left, range) => left - Math.max(0, Math.min(toUs, range.toUs) - Math.max(fromUs, range.fromUs)),
    toUs - fromUs,
  );
}

/** Of each frame, whether it is outside of all ranges: 1 where it counts. */
export function framesOutside(timeUs: Float64Array, excluded: readonly Range[]): Uint8Array {
  const counted = new Uint8Array(timeUs.length);
  let range = 0;
  for (let at = 0; at < timeUs.length; at++) {
    while (range < excluded.length && timeUs[at]! >= excluded[range]!.toUs) range++;
    counted[at] = range < excluded.length && timeUs[at]! >= excluded[range]!.fromUs ? 0 : 1;
  }
  return counted;
}
