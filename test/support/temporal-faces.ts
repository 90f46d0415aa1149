import type { ActionUnitEvidence, AffectEvidence, Emotion } from '../../src/domain/affect.js';
import type { FrameFaces, MeshedFace } from '../../src/domain/face.js';
import type { Episode } from '../../src/domain/records.js';
import { micros, probability, radians } from '../../src/domain/units.js';
import { type TemporalOverrides, temporalOptions } from '../../src/temporal/resolve-options.js';
import { stepFrame, type TemporalState } from '../../src/temporal/temporal-stage.js';
import type { TrackReading } from '../../src/temporal/usable-reading.js';
import { FACES, type FaceName } from './temporal-sequences.js';

/** Made-up coordinates: only their signs matter to the tests. */
export const CIRCUMPLEX: Record<Emotion, readonly [number, number]> = {
  neutral: [0, 0],
  happiness: [0.8, 0.5],
  surprise: [0.4, 0.7],
  sadness: [-0.6, -0.3],
  anger: [-0.5, 0.6],
  disgust: [-0.6, 0.35],
  fear: [-0.6, 0.6],
  contempt: [-0.5, 0.2],
};

export const optionsWith = (overrides: Omit<TemporalOverrides, 'circumplex'> = {}) =>
  temporalOptions({ circumplex: CIRCUMPLEX, ...overrides });

export interface FaceSpec {
  readonly trackId?: number;
  readonly eyes?: number | { readonly left: number; readonly right: number };
  readonly yaw?: number;
  readonly pitch?: number;
  readonly validity?: MeshedFace['validity'];
  /** Mean logits by name, or logits; left out: no reading of this face. */
  readonly shows?: FaceName | readonly number[];
  /** How much of each part is seen; left out: nobody looked. */
  readonly visibility?: readonly number[];
  /** Action units of the reading; without `shows` it is one without emotions. */
  readonly actionUnits?: ActionUnitEvidence;
}

export function trackedFace(spec: FaceSpec): MeshedFace {
  const eyes = spec.eyes ?? 1;
  return {
    trackId: spec.trackId ?? 1,
    box: { space: 'frame', left: 10, top: 10, right: 110, bottom: 110 },
    detectionScore: probability(0.9),
    mesh: new Float32Array(0),
    pose: {
      yaw: radians(spec.yaw ?? 0),
      pitch: radians(spec.pitch ?? 0),
      roll: radians(0),
      translationMm: { x: 0, y: 0, z: 500 },
    },
    eyes: typeof eyes === 'number' ? { left: eyes, right: eyes } : eyes,
    keypoints: null,
    quality: { interocularPx: 60, sharpness: 0.8, presence: probability(1), insideFrame: probability(1) },
    validity: spec.validity ?? 'ok',
  };
}

export function evidence(spec: {
  readonly trackId?: number;
  readonly seconds: number;
  readonly shows: FaceName | readonly number[];
  readonly origin?: AffectEvidence['origin'];
  readonly actionUnits?: ActionUnitEvidence | undefined;
}): AffectEvidence {
  return {
    origin: spec.origin ?? 'onnx',
    trackId: spec.trackId ?? 1,
    ptsUs: micros(Math.round(spec.seconds * 1e6)),
    actionUnits: spec.actionUnits ?? null,
    emotionLogits: typeof spec.shows === 'string' ? FACES[spec.shows] : spec.shows,
    weight: probability(1),
  };
}

/** Steps one frame made of plain specs. */
export function step(
  state: TemporalState,
  options: ReturnType<typeof temporalOptions>,
  frame: {
    readonly seconds: number;
    readonly faces?: readonly FaceSpec[];
    readonly endedTracks?: readonly number[];
    readonly sceneCut?: boolean;
  },
) {
  const specs = frame.faces ?? [];
  const readings = new Map<number, TrackReading>();
  for (const { shows, actionUnits, trackId = 1 } of specs) {
    if (shows) readings.set(trackId, evidence({ trackId, shows, actionUnits, seconds: frame.seconds }));
    else if (actionUnits)
      readings.set(trackId, { missing: 'au-only', actionUnits: { evidence: actionUnits, weight: 1 } });
  }
  const faces: FrameFaces = {
    frameIndex: Math.round(frame.seconds * 25),
    ptsUs: micros(Math.round(frame.seconds * 1e6)),
    faces: specs.map(trackedFace),
    endedTracks: frame.endedTracks ?? [],
    sceneCut: frame.sceneCut ?? false,
  };
  const looks = specs.flatMap(({ trackId = 1, visibility }) => (visibility ? [[trackId, visibility] as const] : []));
  return stepFrame(state, options, { faces, readings, visibility: new Map(looks) });
}

/** Episodes as short lines: phase, label, onset-offset in ms, reason. */
export const summary = (episodes: readonly Episode[]): string[] =>
  episodes.map((e) => {
    const end = e.offsetUs === null ? '' : `${Math.round(e.offsetUs / 1000)}`;
    return `${e.phase} ${e.track}/${e.label}/${e.id.split('/').at(-1)} ${Math.round(e.onsetUs / 1000)}-${end}${
      e.endReason ? ` ${e.endReason}` : ''
    }`;
  });
