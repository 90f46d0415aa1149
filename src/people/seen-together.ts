import type { SeenTrack } from '../domain/people.js';

/** For each track, those that were seen in one of its frames. */
export function seenTogether(tracks: readonly SeenTrack[]): ReadonlyMap<number, ReadonlySet<number>> {
  const together = new Map(tracks.map(({ track }) => [track, new Set<number>()]));
  const stretches = tracks
    .flatMap(({ track, seen }) => seen.map(({ fromFrame, toFrame }) => ({ track, fromFrame, toFrame })))
    .sort((a, b) => a.fromFrame - b.fromFrame);
  let open: typeof stretches = [];
  for (const stretch of stretches) {
    open = open.filter(({ toFrame }) => toFrame >= stretch.fromFrame);
    for (const { track } of open) {
      if (track === stretch.track) continue;
      together.get(track)!.add(stretch.track);
      together.get(stretch.track)!.add(track);
    }
    open.push(stretch);
  }
  return together;
}
