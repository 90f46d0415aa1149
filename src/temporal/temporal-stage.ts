import {
  type ActionUnitEvidence,
  type AffectEvidence,
  type AffectState,
  type BaselineState,
  EMOTIONS,
} from '../domain/affect.js';
import type { FrameFaces, TrackedFace } from '../domain/face.js';
import type { GazeEvidence } from '../domain/gaze.js';
import type { LateRefusal } from '../domain/late-evidence.js';
import type { Episode, MissingReason } from '../domain/records.js';
import { baselineState } from './baseline.js';
import { checkBlinkGap, endBlinks, stepBlinks } from './blink-episode.js';
import { softmax } from './distribution.js';
import { type EndQueue, type EndReason, releaseEnds } from './episodes.js';
import { admitLate, lateConfidenceChange } from './fuse.js';
import type { TemporalOptions } from './options.js';
import { pacedOptions } from './pace.js';
import type { EpisodeOutlet } from './signal-episode.js';
import { type ActionUnitsState, checkActionUnitGap, endActionUnits, stepActionUnits } from './track-action-units.js';
import { checkEmotionGap, endEmotions, stepEmotions } from './track-emotions.js';
import { type GazeOutcome, stepGaze } from './track-gaze.js';
import { createTrack, type TrackState, trackWatermarkUs } from './track-state.js';

/** Everything the stage knows of one source. Plain data: it can be serialised with v8 and resumed. */
export interface TemporalState {
  readonly source: string;
  /** Media time of the newest frame; null before the first. */
  nowUs: number | null;
  readonly tracks: Map<number, TrackState>;
  readonly ends: EndQueue;
  readonly counters: TemporalCounters;
}

export interface TemporalCounters {
  /** Episodes too short to count, per source. */
  droppedShortEpisodes: number;
  /** Readings with a wrong length or a value that is not finite. */
  invalidReadings: number;
  lateAccepted: number;
  readonly lateRefused: Record<LateRefusal, number>;
}

/** What the affect stage says of a track in this frame: evidence, or why there is none. */
export type TrackReading =
  | AffectEvidence
  | {
      /** Why there are no emotions. */
      readonly missing: MissingReason;
      /** Action units without emotions: those are then left out by choice ('au-only'). */
      readonly actionUnits?: { readonly evidence: ActionUnitEvidence; readonly weight: number };
    };

export interface TemporalInput {
  readonly faces: FrameFaces;
  /** By track id. A face without an entry has no reading; the reason is its validity, else 'model-off'. */
  readonly readings: ReadonlyMap<number, TrackReading>;
  /** By track id; absent where no gaze is read. */
  readonly gazes?: ReadonlyMap<number, GazeEvidence>;
}

/** Result for one face of the frame. */
export interface TrackAffect extends GazeOutcome {
  readonly trackId: number;
  /** Null when there is no valid reading; then `missing` says why. */
  readonly affect: AffectState | null;
  readonly missing: MissingReason | null;
  readonly baseline: BaselineState;
  /** True while a blink is in progress, false when not, null when the eyes cannot be read. */
  readonly blink: boolean | null;
  /** Why `blink` is null: the face's validity, or 'profile' when the head is turned or nodded too far. */
  readonly blinkMissing: MissingReason | null;
  /** Null when there is no valid reading of action units; then `actionUnitsMissing` says why. */
  readonly actionUnits: ActionUnitsState | null;
  readonly actionUnitsMissing: MissingReason | null;
}

export interface TemporalOutput {
  /** In the order of the frame's faces. */
  readonly tracks: readonly TrackAffect[];
  /** Announcements and updates of this frame, then ends in order of their end (also across frames). */
  readonly episodes: readonly Episode[];
}

/** A state that has seen nothing of `source` (the id that records and episodes carry). */
export function createTemporalState(source: string): TemporalState {
  return {
    source,
    nowUs: null,
    tracks: new Map(),
    ends: { waiting: [] },
    counters: {
      droppedShortEpisodes: 0,
      invalidReadings: 0,
      lateAccepted: 0,
      lateRefused: {
        'too-late': 0,
        'not-yet-seen': 0,
        'unknown-track': 0,
        duplicate: 0,
        'over-capacity': 0,
        invalid: 0,
      },
    },
  };
}

/** Advances `state` (changed in place) by one frame. Frames come in order of media time; results depend on nothing else. */
export function stepFrame(state: TemporalState, given: TemporalOptions, input: TemporalInput): TemporalOutput {
  const { faces, readings } = input;
  const nowUs: number = faces.ptsUs;
  const options = pacedOptions(given, state.nowUs === null ? 0 : (nowUs - state.nowUs) / 1e6);
  state.nowUs = nowUs;
  const episodes: Episode[] = [];
  for (const track of state.tracks.values()) {
    const outlet = outletOf(state, track.trackId, episodes);
    checkEmotionGap(track, options, { nowUs, outlet });
    checkBlinkGap(track.blinks, options.blink, { nowUs, outlet });
    checkActionUnitGap(track.actionUnits, options, { nowUs, outlet });
  }
  const tracks = faces.faces.map((face) => {
    let track = state.tracks.get(face.trackId);
    if (track === undefined) {
      track = createTrack(face.trackId, options);
      state.tracks.set(face.trackId, track);
    }
    const outlet = outletOf(state, face.trackId, episodes);
    const { trackId } = face;
    const seen = { reading: readings.get(trackId), gaze: input.gazes?.get(trackId) };
    return stepTrack(track, options, { state, face, nowUs, ...seen, outlet });
  });
  for (const trackId of faces.endedTracks) {
    endTrack(state, options, { trackId, reason: faces.sceneCut ? 'scene-cut' : 'face-lost', episodes });
  }
  let watermarkUs = nowUs;
  for (const track of state.tracks.values()) watermarkUs = trackWatermarkUs(track, watermarkUs);
  episodes.push(...releaseEnds(state.ends, watermarkUs));
  return { tracks, episodes };
}

function stepTrack(
  track: TrackState,
  options: TemporalOptions,
  step: {
    readonly state: TemporalState;
    readonly face: TrackedFace;
    readonly nowUs: number;
    readonly reading: TrackReading | undefined;
    readonly gaze: GazeEvidence | undefined;
    readonly outlet: EpisodeOutlet;
  },
): TrackAffect {
  const { face, nowUs, outlet } = step;
  const { eyes, pose, validity, trackId } = face;
  const blink = stepBlinks(track.blinks, options.blink, {
    sample: { ptsUs: nowUs, eyes, pose, validity },
    outlet,
    updateSeconds: options.episodes.updateSeconds,
  });
  const blinkMissing = blink !== null ? null : validity === 'ok' ? 'profile' : validity;
  const { maxGapSeconds } = options;
  const looked = { ptsUs: nowUs, face, evidence: step.gaze, blinks: track.blinks.eyes };
  const gaze = stepGaze(track.gaze, { ...options.gaze, maxGapSeconds }, looked);
  const units = usableActionUnits(step.state, options, step);
  const evidence = usable(step.state, face, step.reading);
  const rest = 'missing' in evidence ? options.actionUnits.restShare : softmax(evidence.emotionLogits)[0]!;
  const actionUnits =
    'missing' in units ? null : stepActionUnits(track.actionUnits, options, { ptsUs: nowUs, ...units, rest, outlet });
  const actionUnitsMissing = 'missing' in units ? units.missing : null;
  const common = { trackId, blink, blinkMissing, ...gaze, actionUnits, actionUnitsMissing };
  if ('missing' in evidence) {
    const baseline = baselineState(track.baseline, options.baseline);
    return { ...common, affect: null, missing: evidence.missing, baseline };
  }
  const affect = stepEmotions(track, options, { ptsUs: nowUs, evidence, outlet });
  return { ...common, affect, missing: null, baseline: affect.baseline };
}

/** The emotions of a reading if they may be used: valid face, right length, finite values. */
function usable(state: TemporalState, face: TrackedFace, reading: TrackReading | undefined): TrackReading {
  if (face.validity !== 'ok') return { missing: face.validity };
  if (reading === undefined) return { missing: 'model-off' };
  if ('missing' in reading) return reading;
  const { emotionLogits, weight } = reading;
  if (emotionLogits.length === EMOTIONS.length && emotionLogits.every(Number.isFinite) && weight >= 0 && weight <= 1) {
    return reading;
  }
  state.counters.invalidReadings += 1;
  return { missing: 'low-confidence' };
}

/** The action units of a reading if they may be used: valid face, one finite value per unit. */
function usableActionUnits(
  state: TemporalState,
  options: TemporalOptions,
  given: { readonly face: TrackedFace; readonly reading: TrackReading | undefined },
): { readonly evidence: ActionUnitEvidence; readonly weight: number } | { readonly missing: MissingReason } {
  const { face, reading } = given;
  const units = options.actionUnitKeys.length;
  if (units === 0) return { missing: 'not-supported' };
  if (face.validity !== 'ok') return { missing: face.validity };
  if (reading === undefined) return { missing: 'model-off' };
  const usedAlone = 'missing' in reading;
  if (usedAlone && !reading.actionUnits && reading.missing !== 'au-only') return { missing: reading.missing };
  const evidence = usedAlone ? reading.actionUnits?.evidence : reading.actionUnits;
  if (!evidence) return { missing: 'not-supported' };
  const weight = usedAlone ? reading.actionUnits!.weight : reading.weight;
  const rows = [evidence.presenceLogits, evidence.intensities];
  const sound = rows.every((row) => row.length === units && row.every(Number.isFinite));
  if (sound && weight >= 0 && weight <= 1) return { evidence, weight };
  state.counters.invalidReadings += 1;
  return { missing: 'low-confidence' };
}

function outletOf(state: TemporalState, trackId: number, out: Episode[]): EpisodeOutlet {
  return { source: state.source, trackId, out, queue: state.ends, counters: state.counters };
}

function endTrack(
  state: TemporalState,
  options: TemporalOptions,
  end: { readonly trackId: number; readonly reason: EndReason; readonly episodes: Episode[] },
): void {
  const track = state.tracks.get(end.trackId);
  if (track === undefined) return;
  const ending = { reason: end.reason, outlet: outletOf(state, end.trackId, end.episodes) };
  endEmotions(track, options, ending);
  endBlinks(track.blinks, options.blink, ending);
  endActionUnits(track.actionUnits, options, ending);
  state.tracks.delete(end.trackId);
}

/** What became of late evidence: which open episode it now counts for (null: none covers it), or why it was refused. */
export type LateOutcome =
  | { readonly kind: 'accepted'; readonly episodeId: string | null }
  | { readonly kind: 'refused'; readonly reason: LateRefusal };

/**
 * Admits evidence for an earlier media time of a track. It is added to the log-odds of every later frame in reach,
 * and to the confidence of open episodes for the frames already seen. Everything but the label's path through time
 * (label, and with it which episodes exist) comes out as if it had arrived in order: see docs/temporal.md.
 */
export function acceptLate(state: TemporalState, options: TemporalOptions, evidence: AffectEvidence): LateOutcome {
  const refuse = (reason: LateRefusal): LateOutcome => {
    state.counters.lateRefused[reason] += 1;
    return { kind: 'refused', reason };
  };
  const track = state.tracks.get(evidence.trackId);
  if (track === undefined) return refuse('unknown-track');
  const admitted = admitLate(track.late, options.late, { nowUs: state.nowUs!, evidence });
  if (typeof admitted === 'string') return refuse(admitted);
  state.counters.lateAccepted += 1;

  let episodeId: string | null = null;
  track.emotions.forEach((signal, i) => {
    const { open } = signal;
    if (open === null) return;
    // The frame of the onset itself weighs nothing in the episode.
    const query = { reading: admitted, fromUs: open.onsetUs + 1, k: i + 1 };
    const change = lateConfidenceChange(track.late, options.late, { ...query, toUs: open.lastUs });
    open.confidenceSum += change;
    if (change !== 0) open.mllm = true;
    if (open.fall) {
      open.fall.confidenceSum += lateConfidenceChange(track.late, options.late, { ...query, toUs: open.fall.ptsUs });
    }
    if (evidence.ptsUs >= open.onsetUs && evidence.ptsUs <= (open.fall?.ptsUs ?? open.lastUs)) {
      episodeId = `${state.source}/${track.trackId}/emotion/${open.label}/${open.ordinal}`;
    }
  });
  return { kind: 'accepted', episodeId };
}

/** Ends everything still open, in order of end. The state is then empty but for its counters. */
export function finish(state: TemporalState, options: TemporalOptions, reason: EndReason): readonly Episode[] {
  const episodes: Episode[] = [];
  for (const trackId of [...state.tracks.keys()]) endTrack(state, options, { trackId, reason, episodes });
  episodes.push(...releaseEnds(state.ends, Number.POSITIVE_INFINITY));
  return episodes;
}
