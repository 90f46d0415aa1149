import type { AffectEvidence, AffectState, BaselineState } from '../domain/affect.js';
import type { FrameFaces, TrackedFace } from '../domain/face.js';
import type { FaceCover } from '../domain/face-parts.js';
import type { GazeEvidence } from '../domain/gaze.js';
import type { LateRefusal } from '../domain/late-evidence.js';
import type { Episode, MissingReason } from '../domain/records.js';
import { baselineState } from './baseline.js';
import { checkBlinkGap, endBlinks, stepBlinks } from './blink-episode.js';
import { coveredUnits, coverOf, isCovered, isWithheld, stepCover, wideningOf } from './cover.js';
import { softmax } from './distribution.js';
import { type EndQueue, type EndReason, releaseEnds } from './episodes.js';
import { admitLate, lateConfidenceChange } from './fuse.js';
import type { TemporalOptions } from './options.js';
import { pacedOptions } from './pace.js';
import type { EpisodeOutlet } from './signal-episode.js';
import { type ActionUnitsState, checkActionUnitGap, endActionUnits, stepActionUnits } from './track-action-units.js';
import { checkEmotionGap, endEmotions, stepEmotions } from './track-emotions.js';
import { type GazeOutcome, stepGaze } from './track-gaze.js';
import {
  checkSpeechGap,
  endSpeech,
  type SpeakingEvidence,
  type SpeakingOutcome,
  stepSpeechTurns,
} from './track-speech.js';
import { createTrack, type TrackState, trackWatermarkUs } from './track-state.js';
import { type TrackReading, usableActionUnits, usableEmotions } from './usable-reading.js';

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

export interface TemporalInput {
  readonly faces: FrameFaces;
  /** By track id. A face without an entry has no reading; the reason is its validity, else 'model-off'. */
  readonly readings: ReadonlyMap<number, TrackReading>;
  /** By track id; absent where no gaze is read. */
  readonly gazes?: ReadonlyMap<number, GazeEvidence>;
  /** By track id; absent where nobody listens: there is no sound then. */
  readonly speaking?: ReadonlyMap<number, SpeakingEvidence>;
  /** How much of each part of a face is seen, 0..1 in the order of FACE_PARTS, by track id. A face without an entry was not looked at: what is known of it stays. */
  readonly visibility?: ReadonlyMap<number, readonly number[]>;
}

/** Result for one face of the frame. */
export interface TrackAffect extends GazeOutcome, SpeakingOutcome {
  readonly trackId: number;
  /** Null when there is no valid reading; then `missing` says why. */
  readonly affect: AffectState | null;
  readonly missing: MissingReason | null;
  readonly baseline: BaselineState;
  /** True while a blink is in progress, false when not, null when the eyes cannot be read. */
  readonly blink: boolean | null;
  /** Why `blink` is null: the face's validity, or 'profile' when the head is turned or nodded too far. */
  readonly blinkMissing: MissingReason | null;
  /** What lies before the face; null where no model looks. */
  readonly cover: FaceCover | null;
  /** What the log-odds of emotions were divided by because of that; null without emotions. */
  readonly emotionWidening: number | null;
  /** Whether too much is covered for emotions to be read. */
  readonly withheld: boolean;
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
  const { faces, readings, visibility } = input;
  const nowUs: number = faces.ptsUs;
  const options = pacedOptions(given, state.nowUs === null ? 0 : (nowUs - state.nowUs) / 1e6);
  state.nowUs = nowUs;
  const episodes: Episode[] = [];
  for (const track of state.tracks.values()) {
    const outlet = outletOf(state, track.trackId, episodes);
    const reason = isWithheld(track.cover, options.cover) ? 'covered' : 'face-lost';
    checkEmotionGap(track, options, { nowUs, reason, outlet });
    checkBlinkGap(track.blinks, options.blink, { nowUs, outlet });
    checkActionUnitGap(track.actionUnits, options, { nowUs, outlet });
    checkSpeechGap(track.speech, options, { nowUs, outlet });
  }
  const tracks = faces.faces.map((face) => {
    let track = state.tracks.get(face.trackId);
    if (track === undefined) {
      track = createTrack(face.trackId, options);
      state.tracks.set(face.trackId, track);
    }
    const outlet = outletOf(state, face.trackId, episodes);
    const { trackId } = face;
    const seen = visibility?.get(trackId);
    if (seen)
      stepCover(track.cover, options.cover, { ptsUs: nowUs, visibility: seen, maxGapSeconds: options.maxGapSeconds });
    const told = {
      reading: readings.get(trackId),
      gaze: input.gazes?.get(trackId),
      speaking: input.speaking?.get(trackId),
    };
    return stepTrack(track, options, { state, face, nowUs, ...told, outlet });
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
    readonly speaking: SpeakingEvidence | undefined;
    readonly outlet: EpisodeOutlet;
  },
): TrackAffect {
  const { face, nowUs, outlet } = step;
  const { eyes, pose, trackId } = face;
  const { cover } = track;
  const eyesCovered = isCovered(cover, 'leftEye') || isCovered(cover, 'rightEye');
  const validity = face.validity === 'ok' && eyesCovered ? 'occluded' : face.validity;
  const blink = stepBlinks(track.blinks, options.blink, {
    sample: { ptsUs: nowUs, eyes, pose, validity },
    outlet,
    updateSeconds: options.episodes.updateSeconds,
  });
  const blinkMissing = blink !== null ? null : validity === 'ok' ? 'profile' : validity;
  const { maxGapSeconds } = options;
  const looked = { ptsUs: nowUs, face: { ...face, validity }, evidence: step.gaze, blinks: track.blinks.eyes };
  const gaze = stepGaze(track.gaze, { ...options.gaze, maxGapSeconds }, looked);
  const spoken = face.validity === 'ok' && isCovered(cover, 'mouth') ? OCCLUDED : step.speaking;
  const speech = stepSpeechTurns(track.speech, options, { ptsUs: nowUs, evidence: spoken, outlet });
  const units = usableActionUnits(step.state.counters, options, step);
  const withheld = face.validity === 'ok' && isWithheld(cover, options.cover);
  const evidence = withheld ? OCCLUDED : usableEmotions(step.state.counters, face, step.reading);
  const rest = 'missing' in evidence ? options.actionUnits.restShare : softmax(evidence.emotionLogits)[0]!;
  const actionUnits =
    'missing' in units
      ? null
      : stepActionUnits(track.actionUnits, options, {
          ptsUs: nowUs,
          ...units,
          rest,
          covered: coveredUnits(cover, options.actionUnitKeys),
          outlet,
        });
  const actionUnitsMissing = 'missing' in units ? units.missing : null;
  const told = face.validity === 'ok' ? coverOf(cover) : null;
  const common = {
    trackId,
    blink,
    blinkMissing,
    ...speech,
    ...gaze,
    actionUnits,
    actionUnitsMissing,
    cover: told,
    withheld,
  };
  if ('missing' in evidence) {
    const baseline = baselineState(track.baseline, options.baseline);
    return { ...common, emotionWidening: null, affect: null, missing: evidence.missing, baseline };
  }
  const emotionWidening = wideningOf(cover, options.cover);
  const affect = stepEmotions(track, options, { ptsUs: nowUs, evidence, widening: emotionWidening, outlet });
  return { ...common, emotionWidening, affect, missing: null, baseline: affect.baseline };
}

const OCCLUDED = { missing: 'occluded' } as const;

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
  endSpeech(track.speech, options, ending);
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
