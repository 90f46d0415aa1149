import type { ActionUnitReading, AffectState, BaselineState } from '../domain/affect.js';
import type { FrameFaces, TrackedFace, Validity } from '../domain/face.js';
import type { FaceCover } from '../domain/face-parts.js';
import type { NullableShape } from '../domain/field-shapes.js';
import type { GazeState } from '../domain/gaze.js';
import {
  type FaceRecord,
  type MissingReason,
  RECORD_FIELDS,
  type RecordFields,
  SCHEMA_VERSION,
} from '../domain/record-fields.js';
import type { Probability } from '../domain/units.js';

/** What the temporal stage said of one track in one frame. */
export interface TrackOutcome {
  readonly state: AffectState | null;
  readonly blink: boolean | null;
  readonly gaze: GazeState | null;
  /** Why `gaze` is null. */
  readonly gazeMissing: MissingReason | null;
  /** Why `blink` is null. */
  readonly blinkMissing: MissingReason | null;
  readonly speaking: Probability | null;
  /** Why `speaking` is null. */
  readonly speakingMissing: MissingReason | null;
  readonly cover: FaceCover | null;
  readonly emotionWidening: number | null;
  /** Whether too much of the face is covered for emotions. */
  readonly withheld: boolean;
  readonly actionUnits: {
    readonly readings: Readonly<Record<string, ActionUnitReading>>;
    readonly baseline: BaselineState;
  } | null;
  /** Why `actionUnits` is null. */
  readonly actionUnitsMissing: MissingReason | null;
  /** Media seconds since `state` and `actionUnits` were read; left out where they are of this frame. */
  readonly heldSeconds?: number;
}

export interface RecordContext {
  readonly source: string;
  /** False when no emotion is inferred by choice. */
  readonly emotions: boolean;
  /** Whether the affect model reads action units. */
  readonly actionUnits: boolean;
  /** Whether a model looks for what covers faces. */
  readonly cover: boolean;
}

const AFFECT_FIELDS = ['emotions', 'valenceArousal', 'label', 'confidence', 'emotionWidening', 'baseline'] as const;

/** Read off the mesh, which a face seen from the side may lack. */
const MESH_FIELDS = ['pose', 'eyes', 'mesh'] as const;

type NullableKeys = {
  [K in keyof RecordFields]: RecordFields[K] extends NullableShape ? K : never;
}[keyof RecordFields];

/** Fields that are null where there is no reading, as the declaration has them. */
const NULLABLE = Object.entries(RECORD_FIELDS).flatMap(([key, { kind }]) => (kind === 'nullable' ? [key] : []));
const NOTHING = Object.fromEntries(NULLABLE.map((key) => [key, null])) as Readonly<Record<NullableKeys, null>>;
/** Not read off a face. */
const OF_FRAME: readonly string[] = ['track', 'wallTime'];

function faceless(context: RecordContext, frame: FrameFaces, validity: Exclude<Validity, 'ok'>): FaceRecord {
  const missing: Record<string, MissingReason> = {};
  for (const field of NULLABLE) if (!OF_FRAME.includes(field)) missing[field] = validity;
  if (!context.actionUnits) missing.actionUnits = 'not-supported';
  if (!context.cover) missing.cover = 'not-supported';
  return {
    ...NOTHING,
    v: SCHEMA_VERSION,
    source: context.source,
    frame: frame.frameIndex,
    ptsUs: frame.ptsUs,
    validity,
    missing,
  };
}

/** Why a stage has said nothing of a face. */
const unread = ({ validity }: TrackedFace): MissingReason => (validity === 'ok' ? 'warming-up' : validity);

function missingOf(face: TrackedFace, outcome: TrackOutcome, context: RecordContext): Record<string, MissingReason> {
  const missing: Record<string, MissingReason> = {};
  if (outcome.actionUnits) {
    for (const [key, { presence }] of Object.entries(outcome.actionUnits.readings))
      if (presence === null) missing[`actionUnits.${key}`] = 'occluded';
    // Of every unit.
    if (outcome.actionUnits.baseline.status === 'warming') {
      missing['actionUnits.presence.baselined'] = 'warming-up';
      missing['actionUnits.intensity.baselined'] = 'warming-up';
    }
  } else {
    missing.actionUnits = outcome.actionUnitsMissing ?? (context.actionUnits ? unread(face) : 'not-supported');
  }
  if (face.mesh === null) for (const field of MESH_FIELDS) missing[field] = unread(face);
  if (face.detectionScore === null) missing.detectionScore = 'not-supported';
  if (outcome.blink === null) missing.blink = outcome.blinkMissing ?? unread(face);
  if (outcome.speaking === null) missing.speaking = outcome.speakingMissing ?? unread(face);
  if (outcome.gaze === null) missing.gaze = outcome.gazeMissing ?? unread(face);
  else for (const eye of ['right', 'left'] as const) if (!outcome.gaze[eye]) missing[`gaze.${eye}`] = 'eyes-closed';
  if (outcome.cover === null) missing.cover = context.cover ? unread(face) : 'not-supported';
  if (face.eyes !== null && hidesEyes(outcome.cover)) missing.eyes = 'occluded';
  if (outcome.state) {
    if (outcome.state.emotions.baselined === null && outcome.state.baseline.status === 'warming') {
      missing['emotions.baselined'] = 'warming-up';
      missing['valenceArousal.baselined'] = 'warming-up';
    }
    if (outcome.state.label === null) {
      missing.label = 'low-confidence';
      missing.confidence = 'low-confidence';
    }
    return missing;
  }
  const unreadEmotions = outcome.withheld ? 'occluded' : unread(face);
  const reason: MissingReason = context.emotions ? unreadEmotions : 'au-only';
  for (const field of AFFECT_FIELDS) {
    if (field !== 'baseline' || !outcome.actionUnits) missing[field] = reason;
  }
  return missing;
}

const NO_OUTCOME: TrackOutcome = {
  state: null,
  blink: null,
  gaze: null,
  gazeMissing: null,
  blinkMissing: null,
  speaking: null,
  speakingMissing: null,
  cover: null,
  emotionWidening: null,
  withheld: false,
  actionUnits: null,
  actionUnitsMissing: null,
};

/** The mesh draws an eye that it does not see. */
const hidesEyes = (cover: FaceCover | null): boolean =>
  cover !== null && (cover.leftEye.covered || cover.rightEye.covered);

/** What a record has of the temporal stage. */
function affectOf(state: AffectState): Omit<AffectState, 'trackId' | 'ptsUs'> {
  const { trackId: _, ptsUs: __, ...readings } = state;
  return readings;
}

/** The records of one frame, tracks in rising order; one record without a track when there is no face. */
export function buildRecords(
  context: RecordContext,
  frame: FrameFaces,
  outcomes: ReadonlyMap<number, TrackOutcome>,
): FaceRecord[] {
  if (frame.faces.length === 0) return [faceless(context, frame, 'no-face')];
  return frame.faces.map((face) => {
    const outcome = outcomes.get(face.trackId) ?? NO_OUTCOME;
    const { state, actionUnits, blink, speaking, gaze, cover, emotionWidening, withheld, heldSeconds } = outcome;
    const { trackId, keypoints: _, ...readings } = face;
    return {
      ...NOTHING,
      ...readings,
      ...(state && affectOf(state)),
      ...(heldSeconds === undefined ? {} : { heldSeconds }),
      v: SCHEMA_VERSION,
      source: context.source,
      frame: frame.frameIndex,
      ptsUs: frame.ptsUs,
      track: trackId,
      validity: withheld ? 'occluded' : face.validity,
      eyes: hidesEyes(cover) ? null : face.eyes,
      blink,
      speaking,
      gaze,
      cover,
      emotionWidening,
      baseline: state?.baseline ?? actionUnits?.baseline ?? null,
      actionUnits: actionUnits?.readings ?? null,
      missing: missingOf(face, outcome, context),
    };
  });
}
