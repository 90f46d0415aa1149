import type { ActionUnitReading, AffectState, BaselineState } from '../domain/affect.js';
import type { FrameFaces, TrackedFace, Validity } from '../domain/face.js';
import { type FaceRecord, type MissingReason, SCHEMA_VERSION } from '../domain/records.js';

/** What the temporal stage said of one track in one frame. */
export interface TrackOutcome {
  readonly state: AffectState | null;
  readonly blink: boolean | null;
  readonly actionUnits: {
    readonly readings: Readonly<Record<string, ActionUnitReading>>;
    readonly baseline: BaselineState;
  } | null;
  /** Why `actionUnits` is null. */
  readonly actionUnitsMissing: MissingReason | null;
}

export interface RecordContext {
  readonly source: string;
  /** False when no emotion is inferred by choice. */
  readonly emotions: boolean;
  /** Whether the affect model reads action units. */
  readonly actionUnits: boolean;
}

const AFFECT_FIELDS = ['emotions', 'valenceArousal', 'label', 'confidence', 'baseline'] as const;
const FACE_FIELDS = ['box', 'detectionScore', 'mesh', 'pose', 'eyes', 'blink', 'quality'] as const;

function faceless(context: RecordContext, frame: FrameFaces, validity: Exclude<Validity, 'ok'>): FaceRecord {
  const missing: Record<string, MissingReason> = { actionUnits: context.actionUnits ? validity : 'not-supported' };
  for (const field of [...FACE_FIELDS, ...AFFECT_FIELDS]) missing[field] = validity;
  return {
    v: SCHEMA_VERSION,
    source: context.source,
    frame: frame.frameIndex,
    ptsUs: frame.ptsUs,
    wallTime: null,
    track: null,
    validity,
    box: null,
    detectionScore: null,
    mesh: null,
    pose: null,
    eyes: null,
    blink: null,
    quality: null,
    emotions: null,
    valenceArousal: null,
    label: null,
    confidence: null,
    baseline: null,
    actionUnits: null,
    missing,
  };
}

/** Why a stage has said nothing of a face. */
const unread = ({ validity }: TrackedFace): MissingReason => (validity === 'ok' ? 'warming-up' : validity);

function missingOf(face: TrackedFace, outcome: TrackOutcome, context: RecordContext): Record<string, MissingReason> {
  const missing: Record<string, MissingReason> = {};
  if (outcome.actionUnits) {
    // Of every unit: rest is subtracted from intensity only.
    missing['actionUnits.presence.baselined'] = 'not-supported';
    if (outcome.actionUnits.baseline.status === 'warming') missing['actionUnits.intensity.baselined'] = 'warming-up';
  } else {
    missing.actionUnits = outcome.actionUnitsMissing ?? (context.actionUnits ? unread(face) : 'not-supported');
  }
  if (face.detectionScore === null) missing.detectionScore = 'not-supported';
  if (outcome.blink === null) missing.blink = unread(face);
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
  const reason: MissingReason = context.emotions ? unread(face) : 'au-only';
  for (const field of AFFECT_FIELDS) {
    if (field !== 'baseline' || !outcome.actionUnits) missing[field] = reason;
  }
  return missing;
}

const NO_OUTCOME: TrackOutcome = { state: null, blink: null, actionUnits: null, actionUnitsMissing: null };

/** The records of one frame, tracks in rising order; one record without a track when there is no face. */
export function buildRecords(
  context: RecordContext,
  frame: FrameFaces,
  outcomes: ReadonlyMap<number, TrackOutcome>,
): FaceRecord[] {
  if (frame.faces.length === 0) return [faceless(context, frame, 'no-face')];
  return frame.faces.map((face) => {
    const outcome = outcomes.get(face.trackId) ?? NO_OUTCOME;
    const { state } = outcome;
    return {
      v: SCHEMA_VERSION,
      source: context.source,
      frame: frame.frameIndex,
      ptsUs: frame.ptsUs,
      wallTime: null,
      track: face.trackId,
      validity: face.validity,
      box: face.box,
      detectionScore: face.detectionScore,
      mesh: face.mesh,
      pose: face.pose,
      eyes: face.eyes,
      blink: outcome.blink,
      quality: face.quality,
      emotions: state?.emotions ?? null,
      valenceArousal: state?.valenceArousal ?? null,
      label: state?.label ?? null,
      confidence: state?.confidence ?? null,
      ...(state && state.mllmWeight > 0 ? { mllmWeight: state.mllmWeight } : {}),
      baseline: state?.baseline ?? outcome.actionUnits?.baseline ?? null,
      actionUnits: outcome.actionUnits?.readings ?? null,
      missing: missingOf(face, outcome, context),
    };
  });
}
