import type { FrameReading } from '../affect/affect-stage.js';
import type { Visibilities } from '../affect/read-visibility.js';
import type { AffectEvidence } from '../domain/affect.js';
import type { FrameFaces } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { GazeEvidence } from '../domain/gaze.js';
import type { InsightFusion } from '../domain/insight.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import type { VoiceMoment } from '../domain/sound.js';
import type { FacesState } from '../faces/track-state.js';
import type { SpeechState } from '../speech/speech-stage.js';
import type { TemporalState } from '../temporal/temporal-stage.js';

/** What is known of one frame once time was added. */
export interface FrameResult {
  readonly records: readonly FaceRecord[];
  /** Episodes told with this frame: those that ended, or all phases (PipelineOptions.episodes). */
  readonly episodes: readonly Episode[];
}

/** What the models say of the faces of a frame: affect, and by track id where the eyes look and what of a face is seen. */
export interface PipelineReading extends FrameReading {
  readonly gazes: ReadonlyMap<number, GazeEvidence>;
  readonly visibility: Visibilities;
  /** What is heard at this frame; null without sound. */
  readonly voice: VoiceMoment | null;
}

/** The steps every frame of a source takes, in this order. `Reading` is what `read` hands to `advance`. */
export interface FramePipeline<Reading = PipelineReading> {
  /** Locates faces; called in order, one frame at a time. */
  locate(frame: Frame): Promise<FrameFaces>;
  /** Reads affect; calls may overlap with each other and with `locate`. */
  read(frame: Frame, faces: FrameFaces): Promise<Reading>;
  /** Adds time: smoothing, labels, episodes; called in order. */
  advance(reading: Reading): FrameResult;
  /** Admits evidence on a frame of the past for frames that follow; null where no emotion is inferred. */
  weighIn(evidence: AffectEvidence): InsightFusion | null;
  /** Ends the episodes that go on; frames may follow. */
  finish(): readonly Episode[];
}

/** What adds up over the frames of a source; plain data, as a journal keeps it. */
export interface PipelineState {
  readonly faces: FacesState;
  readonly speech: SpeechState;
  readonly temporal: TemporalState;
}

/** The faces of the first frame of a source, located before its pipeline was there: by another one that reads alike. */
export interface FirstLook {
  readonly faces: FrameFaces;
  /** After this frame. */
  readonly state: FacesState;
}

/** A pipeline whose state can be kept and taken up again. */
export interface FacePipeline extends FramePipeline {
  /** Copy of what `locate` has gathered so far, of the frames it has returned. */
  facesState(): FacesState;
  /** Copy of what `advance` has gathered so far. */
  advancedState(): Omit<PipelineState, 'faces'>;
  /** Goes on from a state; it is taken over, not copied. */
  restore(state: PipelineState): void;
}
