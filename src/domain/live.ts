import type { Areas } from './areas.js';
import type { CameraInput, CameraKind } from './camera-kinds.js';
import type { CameraDefaults } from './camera-treatment.js';
import type { Decoder } from './decoder.js';
import type { FrameLease } from './frame.js';
import type { Insight, InsightFusion, Writing } from './insight.js';
import type { Episode, FaceRecord } from './records.js';
import type { Reduced } from './reduced.js';
import type { RuleFiring } from './rules.js';
import type { Micros, Millis } from './units.js';

export type { Preview } from './preview.js';

/** One camera as configured. */
export interface CameraConfig extends CameraDefaults, Areas {
  /** 1 to 64 of a-z, 0-9, '-', '_'; first a letter or digit. A metric label and part of URLs. */
  readonly id: string;
  /** For people; the id when not given. */
  readonly name: string;
  readonly input: CameraInput;
}

/** Most that a pushed picture may have, MiB; a configuration may set less. The one source of this limit. */
export const MAX_PUSHED_MIB = 4;
export const MAX_PUSHED_BYTES = MAX_PUSHED_MIB * 2 ** 20;

/**
 * starting: being opened, no frame yet. running: frames arrive. waiting: an outage; it is opened again and again, at
 * `retryAt` next, until frames arrive. stopped: removed or shut down. failed: cannot work until its configuration changes.
 */
export const CAMERA_STATUS = ['starting', 'running', 'waiting', 'stopped', 'failed'] as const;
export type CameraStatus = (typeof CAMERA_STATUS)[number];

/** Why a connection to a camera ended; also a metric label. */
export const SOURCE_END_REASONS = [
  /** The stream ended in order (RTSP loss often looks like this; files end so). */
  'ended',
  /** Refused, unreachable, or unknown host. */
  'unreachable',
  /** Wrong or missing credentials (401, 403). */
  'unauthorised',
  /** The address answers, but there is no such stream (404). */
  'not-found',
  /** No frame for the stall time. */
  'stalled',
  /** Bytes arrived that are no video. */
  'undecodable',
  /** The picture changed its size; opened again at once. */
  'size-changed',
  /** ffmpeg was killed or crashed. */
  'decoder-died',
  /** ffmpeg or the device is missing, or the options are wrong: trying again will not help. */
  'unusable',
  /** We were asked to stop. */
  'stopped',
] as const;
export type SourceEndReason = (typeof SOURCE_END_REASONS)[number];

/** How one connection ended: a value, never an exception. `message` is one line without credentials. */
export interface SourceEnd {
  readonly reason: SourceEndReason;
  readonly message: string;
}

/** A live frame: on loan, with the clocks of its arrival. `frame.ptsUs` rises over all connections of a camera. */
export interface LiveFrame {
  readonly lease: FrameLease;
  /** performance.now() when its last byte arrived. */
  readonly arrivedAt: Millis;
  /** Date.now() then. */
  readonly wallTimeMs: number;
}

/** Facts of an opened stream. */
export interface StreamFacts {
  readonly widthPx: number;
  readonly heightPx: number;
  /** e.g. "h264"; null when unknown (pushed pictures: "mjpeg"). */
  readonly codec: string | null;
  /** What decodes it; none: software. */
  readonly decoder: Decoder;
  /** One line: why the hardware that was asked for does not; null when it does, or none was. */
  readonly decoderProblem: string | null;
}

/** What runs one connection to a camera once. The supervisor alone decides to run it again. */
export interface LiveSource {
  /**
   * Opens, delivers every decoded frame to `onFrame` (which must release it, and never blocks), and resolves, never
   * rejects, when the connection is over and its process is gone.
   *
   * @param startUs - media time of the first frame; later frames follow at the source's own pace
   */
  run(options: {
    readonly startUs: Micros;
    readonly signal: AbortSignal;
    readonly onOpen: (facts: StreamFacts) => void;
    readonly onFrame: (frame: LiveFrame) => void;
    /** Frames lost before they could be decoded into a buffer, since the last call. */
    readonly onDrop: (reason: DropReason, count: number) => void;
    /** The decoder complained of one picture: it is dropped as 'damaged', and so are those that build on it. */
    readonly onDecodeError: () => void;
  }): Promise<SourceEnd>;
}

/** Why a frame was not analysed; a metric label. */
export const DROP_REASONS = [
  /** A newer frame arrived while this one waited for its turn. */
  'superseded',
  /** Over the camera's `maxFps`. */
  'rate-limited',
  /** All frame buffers were in use. */
  'no-buffer',
  /** Pushed picture that could not be decoded. */
  'undecodable',
  /** Decoded with errors, or built on such a picture: what it shows may be false. */
  'damaged',
  /** The analysis of this frame failed. */
  'failed',
  'shutdown',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** State of a camera's source, as its supervisor tells it. */
export interface SourceState {
  readonly id: string;
  readonly name: string;
  readonly status: CameraStatus;
  readonly inputType: CameraKind;
  /** Redacted URL, device or file name. */
  readonly address: string;
  /** RFC 3339: since when it has this status; of an outage its beginning, however often it was tried since. */
  readonly since: string;
  /** Why the last connection ended; null while there was none. */
  readonly lastEnd: SourceEnd | null;
  /** RFC 3339: when it is opened again; null while it is being opened, and unless waiting. */
  readonly retryAt: string | null;
  /** Tries that failed since it was last running; 0 while it is. */
  readonly attempts: number;
  /** Connections that ended since the camera was added. */
  readonly reconnects: number;
  /** Pictures that the decoder complained of since the camera was added. */
  readonly decodeErrors: number;
  /** RFC 3339: since when pictures arrive damaged; null when none did for the last 10 s. */
  readonly damagedSince: string | null;
  readonly stream: StreamFacts | null;
}

/** State of a camera as clients see it. */
export interface CameraState extends SourceState {
  /** RFC 3339: since when more than a second passes until a frame's result is shown; null while analysis keeps up. */
  readonly behindSince: string | null;
  /** Milliseconds: greatest age of what was shown in the last 10 s, up to the result that replaced it; null likewise. */
  readonly behindMs: number | null;
  /** Null while everything is read as often as ever. */
  readonly reduced: Reduced | null;
}

/** Numbers of one camera over the last seconds. */
export interface CameraStats {
  readonly id: string;
  /** Frames a second that arrived, damaged ones too but none over maxFps, and that were analysed. */
  readonly inputFps: number;
  readonly analysedFps: number;
  /** Dropped since the camera was added, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly analysed: number;
  /** As in its state, which is told only when it changes. */
  readonly attempts: number;
  readonly retryAt: string | null;
  readonly lastEnd: SourceEnd | null;
  readonly reconnects: number;
  readonly decodeErrors: number;
  readonly behindMs: number | null;
  /** Milliseconds from arrival to result over the last 10 s; null without frames. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  readonly faces: number;
}

/** Numbers of the process. */
export interface SystemStats {
  readonly uptimeSeconds: number;
  readonly rssBytes: number;
  readonly lanes: number;
  readonly laneRestarts: number;
  readonly eventLoopLagMs: number;
  readonly clients: number;
  readonly cameras: readonly CameraStats[];
}

/** What a multimodal LLM said of a live keyframe. */
export interface LiveInsight {
  readonly source: string;
  readonly insight: Insight;
  /** What became of it in its track's estimate; null when it names no emotion, or insights are not weighed in. */
  readonly fusion: InsightFusion | null;
  /** The face that was asked about, JPEG of at most 160 pixels a side; null where pictures are not shown. */
  readonly evidenceJpeg: Uint8Array | null;
  /** Arrival of the keyframe, Date.now() scale. */
  readonly wallTimeMs: number;
}

/** An answer about a live keyframe while it is written. */
export interface LiveWriting extends Writing {
  /** Arrival of the keyframe, Date.now() scale. */
  readonly wallTimeMs: number;
}

/** The number of an event, where the bus of several machines gives it. */
export interface EventNumber {
  readonly seq: number;
  /** When it was numbered, Date.now() scale. */
  readonly atMs: number;
}

interface MaybeNumbered {
  readonly numbered?: EventNumber;
}

/** What the live system tells, as it happens. */
export type LiveEvent =
  | {
      readonly type: 'faces';
      readonly source: string;
      readonly frame: number;
      readonly ptsUs: Micros;
      readonly widthPx: number;
      readonly heightPx: number;
      readonly wallTimeMs: number;
      readonly arrivedAt: Millis;
      readonly records: readonly FaceRecord[];
    }
  | ({
      readonly type: 'episode';
      readonly source: string;
      readonly episode: Episode;
      readonly wallTimeMs: number;
    } & MaybeNumbered)
  | ({ readonly type: 'insight' } & LiveInsight & MaybeNumbered)
  | ({ readonly type: 'writing' } & LiveWriting)
  | ({ readonly type: 'state'; readonly state: CameraState } & MaybeNumbered)
  | ({ readonly type: 'removed'; readonly source: string } & MaybeNumbered)
  /** No frames for a while, or none any more; clients see it in states. */
  | { readonly type: 'silent'; readonly source: string }
  /** A rule began or ended; `wallTimeMs` is when that was found. */
  | ({
      readonly type: 'rule';
      readonly source: string;
      readonly firing: RuleFiring;
      readonly wallTimeMs: number;
    } & MaybeNumbered);
