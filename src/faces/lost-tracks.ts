import type { Box } from '../domain/face.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import { type Appearance, isOtherFace } from './appearance.js';
import { isInReach, type TrackSight } from './associate.js';
import { meshBox } from './mesh-geometry.js';
import type { Track } from './track-state.js';

const STEADY_SECONDS = 0.5;

/** A track's appearances after one more. */
export function aged({ steady }: Track, appearance: Appearance, now: Micros): Pick<Track, 'appearance' | 'steady'> {
  if (elapsedSeconds(steady.newerUs, now) < STEADY_SECONDS) return { appearance, steady };
  return { appearance, steady: { older: steady.newer, newer: appearance, newerUs: now } };
}

/** Where a face is, or was when last seen. */
export function trackBox({ bare, mesh }: Track): Box<'frame'> {
  return bare?.box ?? meshBox(mesh);
}

/** Where a track was seen, and how long ago. */
export function sightOf(track: Track, now: Micros): Omit<TrackSight, 'id'> {
  return { box: trackBox(track), unseenSeconds: track.seen ? 0 : elapsedSeconds(track.lastSeenUs, now) };
}

/** Whether a face without an id is the lost track's: in reach, and like it was last, or before something came over it. */
function isFaceOf(lost: Track, found: Track): boolean {
  if (!isInReach(sightOf(lost, found.lastSeenUs), trackBox(found))) return false;
  return [lost.appearance, lost.steady.older].some((before) => !isOtherFace(before, found.appearance, 'back'));
}

/** Gives faces that have no id yet to the lost tracks whose faces they are; those of `tracks` that remain. */
export function takeBack(tracks: readonly Track[]): Track[] {
  const joined = new Set<Track>();
  for (const found of tracks) {
    if (found.id > 0 || !found.seen) continue;
    const lost = tracks.find((track) => track.id > 0 && !track.seen && isFaceOf(track, found));
    if (!lost) continue;
    const { id, firstSeenUs } = lost;
    Object.assign(lost, found, { id, firstSeenUs });
    joined.add(found);
  }
  return tracks.filter((track) => !joined.has(track));
}

/** Ids of those that were confirmed, in rising order. */
export const idsOf = (tracks: readonly Track[]): number[] =>
  tracks
    .map(({ id }) => id)
    .filter((id) => id > 0)
    .sort((a, b) => a - b);
