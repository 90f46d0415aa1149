import type { MeshPoints } from '../domain/face.js';
import type { Micros } from '../domain/units.js';
import type { SceneGrid } from './scene-cut.js';

/** One followed face. Plain data: a run's state is checkpointed and restored as it is. */
export interface Track {
  /** 0 until the face is confirmed; ids are handed out in order of confirmation. */
  id: number;
  mesh: MeshPoints;
  presence: number;
  /** Score of the last detection that saw this face; null before any. */
  detectionScore: number | null;
  firstSeenUs: Micros;
  lastSeenUs: Micros;
  /** False while the face is lost and waits for re-entry. */
  seen: boolean;
}

export interface FacesState {
  nextTrackId: number;
  tracks: Track[];
  lastScanUs: Micros | null;
  lastLookUs: Micros | null;
  /** Scans and looks so far: they say whose turn it is among the tiles and the looks. */
  scans: number;
  looks: number;
  lastGrid: SceneGrid | null;
  /** Scene distances of the last frames, newest last. */
  distances: number[];
}

export function initialFacesState(): FacesState {
  return {
    nextTrackId: 1,
    tracks: [],
    lastScanUs: null,
    lastLookUs: null,
    scans: 0,
    looks: 0,
    lastGrid: null,
    distances: [],
  };
}
