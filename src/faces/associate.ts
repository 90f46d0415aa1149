import type { Box, Detection } from '../domain/face.js';
import { boxCentre, boxHeight, boxWidth, containment, overlap } from './crop-matrix.js';
import { TOUCHING } from './suppress.js';

/** What association needs to know of a track: where it is now, or was when last seen. */
export interface TrackSight {
  readonly id: number;
  readonly box: Box<'frame'>;
  /** Seconds since `box` was seen; 0 when seen in this frame. */
  readonly unseenSeconds: number;
}

export interface Association {
  /** Track id to index into the detections. */
  readonly matches: ReadonlyMap<number, number>;
  /** Indices of strong detections that belong to no track. */
  readonly unmatched: readonly number[];
  /** Indices of weak detections that belong to no track and touch no other face. */
  readonly faint: readonly number[];
}

export interface AssociationOptions {
  /** Detections from this score on are matched first, and start tracks. */
  readonly strongScore: number;
}

/** Mesh boxes are tighter than detector boxes; compare by size that is free of that. */
const sizeOf = (box: Box<'frame'>): number => Math.sqrt(boxWidth(box) * boxHeight(box));

/** Face widths a face may have moved by between looks, at once and per second of absence. */
const REACH = 0.9;
const REACH_PER_SECOND = 2;
const MAX_SCALE_RATIO = 2;

/** How well a detection continues a track: IoU plus nearness, or 0 when it cannot be the same face. */
function affinity(track: Omit<TrackSight, 'id'>, box: Box<'frame'>): number {
  const iou = overlap(track.box, box);
  const size = sizeOf(track.box);
  const ratio = sizeOf(box) / size;
  if (ratio > MAX_SCALE_RATIO || ratio < 1 / MAX_SCALE_RATIO) return 0;
  const a = boxCentre(track.box);
  const b = boxCentre(box);
  const distance = Math.hypot(a.x - b.x, a.y - b.y) / size;
  const reach = REACH + REACH_PER_SECOND * track.unseenSeconds;
  if (distance > reach) return 0;
  return iou + (1 - distance / (reach + 1e-9)) + 1e-6;
}

/** Whether a face of that box may be the track's, by size and by how far faces move. */
export function isInReach(track: Omit<TrackSight, 'id'>, box: Box<'frame'>): boolean {
  return affinity(track, box) > 0;
}

function matchGreedily(
  tracks: readonly TrackSight[],
  candidates: readonly number[],
  detections: readonly Detection[],
  matches: Map<number, number>,
): void {
  const pairs: { track: number; detection: number; score: number }[] = [];
  for (const track of tracks) {
    if (matches.has(track.id)) continue;
    for (const index of candidates) {
      const score = affinity(track, detections[index]!.box);
      if (score > 0) pairs.push({ track: track.id, detection: index, score });
    }
  }
  pairs.sort((a, b) => b.score - a.score || a.track - b.track || a.detection - b.detection);
  const taken = new Set(matches.values());
  for (const pair of pairs) {
    if (matches.has(pair.track) || taken.has(pair.detection)) continue;
    matches.set(pair.track, pair.detection);
    taken.add(pair.detection);
  }
}

/**
 * Two-stage association after ByteTrack (Zhang et al. 2022): strong detections first, then weak ones for the tracks
 * left over, so that a face that grows faint keeps its id. Weak ones left over are told apart: more than their score must speak
 * for a new face. Affinity is IoU plus nearness
 * relative to the face's size, and reach grows with the time a face has been unseen: faces are small and move far
 * between frames, so IoU alone breaks.
 */
export function associate(
  tracks: readonly TrackSight[],
  detections: readonly Detection[],
  options: AssociationOptions,
): Association {
  const strong: number[] = [];
  const weak: number[] = [];
  for (const [index, detection] of detections.entries()) {
    (detection.score >= options.strongScore ? strong : weak).push(index);
  }
  const matches = new Map<number, number>();
  matchGreedily(tracks, strong, detections, matches);
  matchGreedily(tracks, weak, detections, matches);
  const taken = new Set(matches.values());
  const faces = [...tracks, ...strong.map((index) => detections[index]!)];
  const touches = (index: number): boolean =>
    faces.some(({ box }) => containment(box, detections[index]!.box) > TOUCHING);
  return {
    matches,
    unmatched: strong.filter((index) => !taken.has(index)),
    faint: weak.filter((index) => !taken.has(index) && !touches(index)),
  };
}
