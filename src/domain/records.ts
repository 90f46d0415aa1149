import type { SettledDecoder } from './decoder.js';
import type { SettledDevice } from './device.js';
import type { EpisodeKind } from './episode-kind.js';
import type { Validity } from './face.js';
import type { Frame } from './frame.js';
import type { Insight } from './insight.js';
import type { Precision, SettledPrecision } from './precision.js';
import type { FaceRecord, SCHEMA_VERSION } from './record-fields.js';
import type { Micros } from './units.js';

export type { EpisodeKind } from './episode-kind.js';
export { type FaceRecord, type MissingReason, SCHEMA_VERSION } from './record-fields.js';

/** A stretch of time in which one signal was active on one track (a smile is one episode, not 25 rows a second). */
export interface Episode {
  readonly v: typeof SCHEMA_VERSION;
  /** Unique within a run: `<source>/<track>/<kind>/<label>/<ordinal>`. */
  readonly id: string;
  readonly phase: 'new' | 'update' | 'end';
  readonly source: string;
  readonly track: number;
  readonly kind: EpisodeKind;
  readonly label: string;
  readonly onsetUs: Micros;
  readonly apexUs: Micros;
  /** Null while it goes on. */
  readonly offsetUs: Micros | null;
  /** Highest, and time-weighted mean, smoothed value of the signal, 0..1; of an action unit, intensity / 5. */
  readonly peak: number;
  readonly mean: number;
  /** Mean smoothed probability that the label is right while it was active, 0..1. */
  readonly confidence: number;
  /** Why it ended: the signal fell, the face was lost or covered, a scene cut, or the video ended. Null while it goes on. */
  readonly endReason: 'released' | 'face-lost' | 'covered' | 'scene-cut' | 'source-end' | null;
  /** True where evidence of a multimodal LLM is in peak, mean or confidence; left out otherwise: always of files. */
  readonly mllm?: true;
}

/** Models that took part, for manifests and reports. */
export interface ModelUse {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly licence: string;
  readonly job: string;
  /** What it computed with. */
  readonly precision: Precision;
}

/** Facts about a run that every file format repeats in its manifest. */
export interface RunInfo {
  readonly mienVersion: string;
  readonly source: string;
  readonly video: {
    readonly fileName: string;
    readonly codec: string;
    readonly widthPx: number;
    readonly heightPx: number;
    readonly sourceWidthPx: number;
    readonly sourceHeightPx: number;
    /** Every time of the run counts from the start of the container; in the source's own clock that is here. */
    readonly startOffsetSeconds: number;
    readonly durationSeconds: number | null;
    readonly nominalFps: number | null;
    /** Clockwise: told by the file, and by `--rotate` or found; pixels are those of the picture so turned. */
    readonly rotationDegrees?: number;
    readonly turnedDegrees?: number;
  };
  /** What a person should know of how the file was read, one line each. */
  readonly notes?: readonly string[];
  readonly models: readonly ModelUse[];
  /** What ran them, and what decoded the video. Notes of the summary tell of a decoder that failed on the way. */
  readonly device: SettledDevice;
  readonly precision: SettledPrecision;
  readonly decoder: SettledDecoder;
  /** Keys of `FaceRecord.actionUnits` in the model's order ("1", "12", "12L"); empty when no model reads any. */
  readonly actionUnits: readonly string[];
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** RFC 3339 start of the run: the only value that differs between two runs of one file. */
  readonly startedAt: string;
}

/** How a run ended, with totals. */
export interface RunSummary {
  readonly status: 'complete' | 'interrupted' | 'damaged';
  /** One line when status is 'damaged': what was wrong, and where. */
  readonly problem: string | null;
  /** What was noticed in the source and coped with (a clock repaired, a size that changed), one line each. */
  readonly notes: readonly string[];
  readonly frames: number;
  readonly records: number;
  readonly tracks: number;
  readonly episodes: number;
  readonly firstPtsUs: Micros | null;
  readonly lastPtsUs: Micros | null;
  /** Frames by the best validity any face in them had. */
  readonly coverage: Readonly<Record<Validity, number>>;
}

/** Receives a run's results in order of time. Every method may be awaited for backpressure. */
export interface Sink {
  readonly name: string;
  /** All records of one frame, in rising track order. */
  records(records: readonly FaceRecord[]): Promise<void> | void;
  /** Episodes with phase 'end', in order of their end. Earlier phases are for live subscribers. */
  episode(episode: Episode): Promise<void> | void;
  /**
   * The pixels of a frame, after its records and episodes; for sinks that need them. What is needed is copied before
   * this returns, so the lease may then be released. The promise is awaited before the next frame.
   */
  frame?(frame: Frame, records: readonly FaceRecord[]): Promise<void> | undefined;
  /**
   * What a multimodal LLM said, in order of media time, some time after its frame; only in runs with an engine.
   *
   * @param evidenceJpeg - the face that was asked about, at most 160 pixels a side
   */
  insight?(insight: Insight, evidenceJpeg: Uint8Array | null): Promise<void> | void;
  /** Writes what is pending so that the file on disk is valid up to here. */
  close(summary: RunSummary): Promise<void>;
}
