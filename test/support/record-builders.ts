import { type ActionUnitReading, EMOTIONS, type EmotionDistribution } from '../../src/domain/affect.js';
import { MESH_POINTS, type MeshPoints, VALIDITY, type Validity } from '../../src/domain/face.js';
import { FACE_PARTS, type FaceCover, type FacePart, perPart } from '../../src/domain/face-parts.js';
import type { VideoInfo } from '../../src/domain/frame.js';
import {
  type Episode,
  type FaceRecord,
  type RunInfo,
  type RunSummary,
  SCHEMA_VERSION,
} from '../../src/domain/records.js';
import { micros, probability, radians } from '../../src/domain/units.js';
import { WITHOUT_HARDWARE } from './settled.js';

export const VIDEO = {
  fileName: 'interview, "take 2".mp4',
  codec: 'h264',
  widthPx: 1280,
  heightPx: 720,
  sourceWidthPx: 1920,
  sourceHeightPx: 1080,
  startOffsetSeconds: 0,
  durationSeconds: 2,
  nominalFps: 25,
} as const;

/** What the source tells of the frames of `runInfo`. */
export const videoInfo: VideoInfo = {
  ...VIDEO,
  path: VIDEO.fileName,
  streamIndex: 0,
  pixelFormat: 'yuv420p',
  rotationDegrees: 0,
  frameCount: 50,
};

export const runInfo: RunInfo = {
  mienVersion: '0.1.0',
  source: 'interview',
  video: VIDEO,
  models: [
    {
      id: 'facemesh',
      version: '0.4',
      sha256: 'ab'.repeat(32),
      licence: 'Apache-2.0',
      job: 'landmarks',
      precision: 'float',
    },
  ],
  ...WITHOUT_HARDWARE,
  actionUnits: [],
  options: { detector: 'full', sampleFps: null },
  startedAt: '2026-01-15T09:30:00.000Z',
};

export function summaryOf(records: readonly FaceRecord[], more: Partial<RunSummary> = {}): RunSummary {
  const coverage = Object.fromEntries(VALIDITY.map((name) => [name, 0])) as Record<Validity, number>;
  for (const { validity } of records) coverage[validity]++;
  return {
    status: 'complete',
    problem: null,
    notes: [],
    frames: new Set(records.map(({ frame }) => frame)).size,
    records: records.length,
    tracks: new Set(records.flatMap(({ track }) => track ?? [])).size,
    episodes: 0,
    firstPtsUs: records[0]?.ptsUs ?? null,
    lastPtsUs: records.at(-1)?.ptsUs ?? null,
    coverage,
    ...more,
  };
}

/** A mesh whose every coordinate is different and tells its vertex: x = 100 + v, y = 200 + v / 2, z = -v / 10. */
export function numberedMesh(): MeshPoints {
  const mesh = new Float32Array(MESH_POINTS * 3);
  for (let vertex = 0; vertex < MESH_POINTS; vertex++)
    mesh.set([100 + vertex, 200 + vertex / 2, -vertex / 10], vertex * 3);
  return mesh;
}

/** A distribution with `share` on one emotion and the rest spread evenly. */
export function mostly(emotion: (typeof EMOTIONS)[number], share = 0.86): EmotionDistribution {
  const rest = (1 - share) / (EMOTIONS.length - 1);
  return EMOTIONS.map((name) => (name === emotion ? share : rest));
}

/** What lies before a face: nothing, or the parts that are named. */
export function faceCover(...coveredParts: readonly FacePart[]): FaceCover {
  const share = 1 - coveredParts.length / FACE_PARTS.length;
  const partOf = (covered: boolean) => ({ visible: covered ? 0 : 1, covered });
  return { share, ...perPart((part) => partOf(coveredParts.includes(part))) };
}

/** A readable face at 25 frames a second; any field may be replaced. */
export function faceRecord(frame: number, more: Partial<FaceRecord> = {}): FaceRecord {
  return {
    v: SCHEMA_VERSION,
    source: 'interview',
    frame,
    ptsUs: micros(frame * 40_000),
    wallTime: null,
    track: 1,
    validity: 'ok',
    box: { space: 'frame', left: 100.125, top: 80, right: 260.5, bottom: 280 },
    detectionScore: 0.98765,
    mesh: numberedMesh(),
    pose: {
      yaw: radians(0.1),
      pitch: radians(-0.2),
      roll: radians(0.05),
      translationMm: { x: -120.04, y: 30.5, z: 812.25 },
    },
    eyes: { left: 0.91, right: 0.88 },
    blink: false,
    speaking: probability(0.125),
    gaze: {
      raw: { yaw: radians(0.22), pitch: radians(-0.11) },
      smoothed: { yaw: radians(0.2), pitch: radians(-0.1) },
      right: { yaw: radians(0.25), pitch: radians(-0.12) },
      left: { yaw: radians(0.19), pitch: radians(-0.1) },
      error: radians(0.1),
      contact: probability(0.125),
    },
    quality: { interocularPx: 60.5, sharpness: 0.42, presence: probability(0.996), insideFrame: probability(1) },
    emotions: { raw: mostly('happiness'), baselined: mostly('happiness', 0.7), smoothed: mostly('happiness', 0.8) },
    valenceArousal: {
      raw: { valence: 0.7, arousal: 0.1 },
      baselined: { valence: 0.6, arousal: 0.05 },
      smoothed: { valence: 0.65, arousal: -0.08 },
    },
    label: 'happiness',
    confidence: 0.8,
    cover: faceCover(),
    emotionWidening: 1,
    baseline: { status: 'ready', progress: 1 },
    actionUnits: null,
    missing: { actionUnits: 'not-supported' },
    ...more,
  };
}

/** A frame without any face. */
export function emptyFrame(frame: number): FaceRecord {
  return faceRecord(frame, {
    track: null,
    validity: 'no-face',
    box: null,
    detectionScore: null,
    mesh: null,
    pose: null,
    eyes: null,
    blink: null,
    speaking: null,
    gaze: null,
    quality: null,
    emotions: null,
    valenceArousal: null,
    label: null,
    cover: null,
    emotionWidening: null,
    confidence: null,
    baseline: null,
    missing: { mesh: 'no-face', emotions: 'no-face', actionUnits: 'not-supported' },
  });
}

/** A face that is followed but gives no reading. */
export function unreadableFace(frame: number, more: Partial<FaceRecord> = {}): FaceRecord {
  return faceRecord(frame, {
    validity: 'blurred',
    blink: null,
    gaze: null,
    emotions: null,
    valenceArousal: null,
    label: null,
    confidence: null,
    cover: null,
    emotionWidening: null,
    baseline: null,
    missing: { emotions: 'blurred', actionUnits: 'not-supported' },
    ...more,
  });
}

/** Keys of a model that reads four units, one of them also by side. */
export const UNIT_KEYS = ['1', '4', '12', '12L', '12R', '18'] as const;

export const runWithUnits: RunInfo = { ...runInfo, actionUnits: UNIT_KEYS };

/** One unit as the temporal stage says it; presence has no baselined stage. */
export function unitReading(intensity: number, more: Partial<ActionUnitReading> = {}): ActionUnitReading {
  return {
    presence: { raw: 0.9125, baselined: 0.8875, smoothed: 0.875 },
    intensity: { raw: intensity + 0.5, baselined: intensity + 0.25, smoothed: intensity },
    active: intensity >= 1,
    ...more,
  };
}

/** A readable face with a reading of each of UNIT_KEYS: AU12 at 3.25, AU4 at 0. */
export function faceWithUnits(frame: number, more: Partial<FaceRecord> = {}): FaceRecord {
  const actionUnits = {
    '1': unitReading(1.5),
    '4': unitReading(0),
    '12': unitReading(3.25),
    '12L': unitReading(4),
    '12R': unitReading(2.5),
    '18': unitReading(0.75),
  };
  return faceRecord(frame, { actionUnits, ...more });
}

/** An episode of AU12 from 0.2 to 0.9 s at 3.25 of 5. */
export function unitEpisode(label = 'AU12', more: Partial<Episode> = {}): Episode {
  return episode({
    id: `interview/1/action-unit/${label}/1`,
    kind: 'action-unit',
    label,
    peak: 0.65,
    mean: 0.5,
    confidence: 0.9,
    ...more,
  });
}

export function episode(more: Partial<Episode> = {}): Episode {
  return {
    v: SCHEMA_VERSION,
    id: 'interview/1/emotion/happiness/1',
    phase: 'end',
    source: 'interview',
    track: 1,
    kind: 'emotion',
    label: 'happiness',
    onsetUs: micros(200_000),
    apexUs: micros(400_000),
    offsetUs: micros(900_400),
    peak: 0.91234567,
    mean: 0.7,
    confidence: 0.8,
    endReason: 'released',
    ...more,
  };
}
