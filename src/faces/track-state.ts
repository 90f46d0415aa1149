import type { Detection, MeshPoints } from '../domain/face.js';
import type { Micros } from '../domain/units.js';
import type { Appearance } from './appearance.js';
import type { LookTimes } from './due-looks.js';
import { NO_SCENE, type SceneMemory } from './scene-memory.js';

/** One followed face. Plain data: a run's state is checkpointed and restored as it is. */
export interface Track {
  /** 0 until the face is confirmed; ids are handed out in order of confirmation. */
  id: number;
  mesh: MeshPoints;
  presence: number;
  /** Of the frame in which it was last seen. */
  appearance: Appearance;
  /** Of half a second to a second before, and of the time since: what comes over a face changes `appearance` first. */
  steady: { readonly older: Appearance; readonly newer: Appearance; readonly newerUs: Micros };
  /** Score of the last detection that saw this face; null before any. */
  detectionScore: number | null;
  /** Of the same detection: how far from the middle between the ears the nose was, in ear distances; 0 before any. */
  noseOffset: number;
  /** What alone shows the face in the newest frame, where the mesh finds none in it; null while the mesh lies on the face. */
  bare: Detection | null;
  looked: LookTimes;
  firstSeenUs: Micros;
  lastSeenUs: Micros;
  /** False while the face is lost and waits for re-entry. */
  seen: boolean;
}

/** When and where faces were looked for. */
export interface ScanState {
  lastScanUs: Micros | null;
  lastLookUs: Micros | null;
  /** Scans and looks so far: they say whose turn it is among the tiles and the looks. */
  scans: number;
  looks: number;
}

export interface FacesState {
  /** Media time of the newest frame; null before the first. */
  nowUs: Micros | null;
  nextTrackId: number;
  tracks: Track[];
  scan: ScanState;
  scene: SceneMemory;
}

export function initialFacesState(): FacesState {
  return {
    nowUs: null,
    nextTrackId: 1,
    tracks: [],
    scan: { lastScanUs: null, lastLookUs: null, scans: 0, looks: 0 },
    scene: NO_SCENE,
  };
}
