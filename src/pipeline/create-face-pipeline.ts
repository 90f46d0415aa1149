import { type AffectOptions, AffectStage } from '../affect/affect-stage.js';
import { readVisibility } from '../affect/read-visibility.js';
import type { AffectEvidence, Emotion } from '../domain/affect.js';
import { alignmentPoints } from '../domain/alignment.js';
import { perPart } from '../domain/face-parts.js';
import type { ReadingPace } from '../domain/reading-pace.js';
import type { Episode } from '../domain/records.js';
import type { VoiceTrack } from '../domain/sound.js';
import { FULL_RANGE, SHORT_RANGE } from '../faces/decode-detections.js';
import { FacesStage } from '../faces/faces-stage.js';
import { DEFAULT_VALIDITY, judgeValidity } from '../faces/validity.js';
import { GazeStage } from '../gaze/gaze-stage.js';
import { isOcclusion, isTrained, type OcclusionManifest, type TrainedManifest } from '../models/manifest.js';
import { NO_VOICE } from '../speech/hear-voice.js';
import { createSpeechState, stepSpeech } from '../speech/speech-stage.js';
import type { CoverOptions } from '../temporal/cover.js';
import { TEMPORAL_DEFAULTS } from '../temporal/default-options.js';
import { temporalOptions } from '../temporal/resolve-options.js';
import { acceptLate, createTemporalState, finish, stepFrame } from '../temporal/temporal-stage.js';
import type { TrackReading } from '../temporal/usable-reading.js';
import { buildRecords } from './build-records.js';
import type { FacePipeline, FirstLook } from './face-pipeline.js';
import { HeldAffect } from './held-affect.js';
import { DETECTOR_MODELS, type ModelRuntime } from './model-runtime.js';

export interface PipelineOptions {
  readonly runtime: ModelRuntime;
  readonly source: string;
  /** False leaves out the subtraction of each person's resting face. */
  readonly baseline: boolean;
  /** False keeps action units and leaves emotions out ('au-only'). @default true */
  readonly emotions?: boolean;
  /** Smallest face to look for, pixels of the working frame. */
  readonly minFacePx: number;
  /** Frames a second that are analysed at most, and that the source has. What counts as a gap that ends tracks grows where they are sparse. @default null */
  readonly sampleFps?: number | null;
  readonly fps?: number | null;
  /** Which phases of episodes to tell: files want ends only, live subscribers all. @default 'end' */
  readonly episodes?: 'end' | 'all';
  /** Distance in media time at which late evidence counts about 1/e. @default 1.5 */
  readonly lateDecaySeconds?: number;
  /** How often faces are read; asked for each frame. What is not read in a frame is held. @default FULL_PACE */
  readonly pace?: () => ReadingPace;
  /** The voice in its sound. @default none: there is no sound */
  readonly voice?: VoiceTrack;
  /** The first frame is not located again. @default null */
  readonly firstLook?: FirstLook | null;
  /** Number of the first face. @default 1 */
  readonly firstTrack?: number;
}

/** How long a face may be out of sight, or the source silent, and keep its track: media seconds, but no less than two frames. */
const REENTRY_SECONDS = 2;
const REENTRY_FRAMES = 2;

const GEOMETRIES = [FULL_RANGE, SHORT_RANGE];
const point = ([x, y]: readonly [number, number]) => ({ x, y });

/** The manifest of the affect model among a runtime's models. */
export function affectManifest({ models }: Pick<ModelRuntime, 'models'>): TrainedManifest {
  for (const { manifest } of models) if (isTrained(manifest) && manifest.labels.emotion) return manifest;
  throw new Error('the runtime was started without an affect model');
}

/** The manifest of the model that looks for what covers faces; null in a runtime without one. */
function occlusionManifest({ models }: Pick<ModelRuntime, 'models'>): OcclusionManifest | null {
  for (const { manifest } of models) if (isOcclusion(manifest)) return manifest;
  return null;
}

/** What emotions lose where parts are covered, as measured with the model. */
function coverRules({ widening, loss, maxLoss }: OcclusionManifest): Partial<CoverOptions> {
  return { widening: perPart((part) => widening[part] ?? 0), loss: perPart((part) => loss[part] ?? 0), maxLoss };
}

const template = ({ rightEye, leftEye, mouth }: TrainedManifest['alignment']) => ({
  rightEye: point(rightEye),
  leftEye: point(leftEye),
  mouth: point(mouth),
});

/** The temporal stage's label rules for this model: no threshold below the probability under which it abstains. */
function labelRules(abstainBelow: number): { abstain: number; leave: number; enter: number } {
  const { abstain, leave, enter } = TEMPORAL_DEFAULTS.hysteresis;
  const least = Math.max(abstain, abstainBelow);
  return { abstain: least, leave: Math.max(leave, least), enter: Math.max(enter, least) };
}

/** A reading whose emotions are left out by choice: the temporal stage never sees them. */
function withoutEmotions({ actionUnits, weight }: AffectEvidence): TrackReading {
  return { missing: 'au-only', ...(actionUnits ? { actionUnits: { evidence: actionUnits, weight } } : {}) };
}

/** How covered parts of a face are looked for. */
const lookingFor = ({ id, alignment }: OcclusionManifest, { lanes }: ModelRuntime) => ({
  runModel: lanes.run,
  modelId: id,
  alignment: template(alignment),
  alignmentPoints,
});

function createFacesStage({ runtime, minFacePx, sampleFps, fps, pace }: PipelineOptions): FacesStage {
  const frameRate = Math.min(sampleFps ?? Infinity, fps ?? Infinity);
  return new FacesStage({
    runModel: runtime.lanes.run,
    detectors: GEOMETRIES.filter(({ modelId }) => DETECTOR_MODELS[runtime.detector].includes(modelId)),
    canonicalFace: runtime.canonicalFace,
    validity: DEFAULT_VALIDITY,
    minFacePx,
    reentrySeconds: Math.max(REENTRY_SECONDS, REENTRY_FRAMES / frameRate),
    ...(pace ? { pace } : {}),
  });
}

/** The stages of one recorded video or one camera, wired to the lanes of a runtime. Throws RangeError for a `minFacePx` below 1. */
export function createFacePipeline(options: PipelineOptions): FacePipeline {
  const { runtime, source, emotions = true, minFacePx, voice = NO_VOICE } = options;
  if (!(minFacePx >= 1)) throw new RangeError(`minFacePx must be at least 1, got ${minFacePx}`);
  const manifest = affectManifest(runtime);
  const actionUnitKeys = manifest.labels.actionUnits ?? [];
  const faces = createFacesStage(options);
  faces.state.nextTrackId = options.firstTrack ?? 1;
  const judge: AffectOptions['judge'] = ({ quality, pose }) => judgeValidity(quality, pose, DEFAULT_VALIDITY);
  const affect = new AffectStage({
    runModel: runtime.lanes.run,
    modelId: manifest.id,
    labels: manifest.labels.emotion,
    actionUnits: actionUnitKeys,
    takesLandmarks: manifest.inputs.some(({ name }) => name === 'landmarks'),
    alignment: template(manifest.alignment),
    alignmentPoints,
    judge,
  });
  const gaze = new GazeStage({ runModel: runtime.lanes.run, model: runtime.gazeModel });
  const occlusion = occlusionManifest(runtime);
  const looking = occlusion && lookingFor(occlusion, runtime);
  const temporal = temporalOptions({
    circumplex: manifest.circumplex.coordinates as Record<Emotion, readonly [number, number]>,
    hysteresis: labelRules(manifest.calibration.abstainBelow),
    actionUnitKeys,
    gaze: { contact: runtime.gazeModel.contact },
    ...(occlusion ? { cover: coverRules(occlusion) } : {}),
    ...(options.lateDecaySeconds === undefined ? {} : { late: { tauSeconds: options.lateDecaySeconds } }),
    ...(options.baseline ? {} : { baseline: null }),
  });
  const told = options.episodes === 'all' ? () => true : (episode: Episode) => episode.phase === 'end';
  const context = { source, emotions, actionUnits: actionUnitKeys.length > 0, cover: occlusion !== null };
  const held = new HeldAffect(judge);
  let { firstLook = null } = options;
  let temporalState = createTemporalState(source);
  let speechState = createSpeechState();
  return {
    async locate(frame) {
      const looked = firstLook;
      firstLook = null;
      if (looked?.faces.ptsUs !== frame.ptsUs) return faces.step(frame);
      faces.state = looked.state;
      return looked.faces;
    },
    async read(frame, located) {
      const [heard, reading, gazes, visibility] = await Promise.all([
        voice.around(frame.ptsUs),
        affect.read(frame, located),
        gaze.read(frame, located),
        looking ? readVisibility(frame, located, looking) : new Map(),
      ]);
      return { ...reading, gazes, visibility, voice: heard };
    },
    advance({ faces: read, evidence, gazes, visibility, voice: heard }) {
      const judged = held.judge(read);
      const readings = new Map<number, TrackReading>(
        evidence.map((item) => [item.trackId, emotions ? item : withoutEmotions(item)]),
      );
      const speaking = stepSpeech(speechState, judged, heard);
      const output = stepFrame(temporalState, temporal, { faces: judged, readings, gazes, speaking, visibility });
      const outcomes = held.outcomes(
        judged,
        new Map(output.tracks.map((track) => [track.trackId, { ...track, state: track.affect }])),
      );
      return {
        records: buildRecords(context, judged, outcomes),
        episodes: output.episodes.filter(told),
      };
    },
    weighIn(evidence) {
      if (!emotions) return null;
      const outcome = acceptLate(temporalState, temporal, evidence);
      const facts = { weight: evidence.weight, decaySeconds: temporal.late.tauSeconds };
      return outcome.kind === 'accepted'
        ? { outcome: 'accepted', reason: null, ...facts, episodeId: outcome.episodeId }
        : { outcome: 'refused', reason: outcome.reason, ...facts, episodeId: null };
    },
    finish: () => finish(temporalState, temporal, 'source-end').filter(told),
    facesState: () => structuredClone(faces.state),
    advancedState: () => structuredClone({ speech: speechState, temporal: temporalState }),
    restore(state) {
      faces.state = state.faces;
      speechState = state.speech;
      temporalState = state.temporal;
    },
  };
}
