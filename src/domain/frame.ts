import type { ColourMatrix } from './colour.js';
import type { Micros } from './units.js';

/**
 * One decoded frame, planar YUV 4:2:0 8 bit, limited ("tv") range, upright (rotation applied).
 * `data` is Y (height × width), then U and V (each ⌈height/2⌉ × ⌈width/2⌉), without row padding,
 * in shared memory: worker lanes read it without a copy. It is only valid until the lease is released.
 */
export interface Frame {
  /** 0-based index among the frames the source delivered in this run. */
  readonly index: number;
  /** Of a recorded video: since the start of its container, where players show 0. */
  readonly ptsUs: Micros;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Left out where the source does not know it: see `matrixOf` in colour.ts. */
  readonly matrix?: ColourMatrix;
  readonly data: Uint8Array<SharedArrayBuffer>;
}

/** A frame on loan from a pool. The last holder releases it; releasing twice is an error. */
export interface FrameLease {
  readonly frame: Frame;
  release(): void;
}

/** Bytes of one yuv420p frame without padding. */
export function yuv420pBytes(widthPx: number, heightPx: number): number {
  const chroma = Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  return widthPx * heightPx + 2 * chroma;
}

/** Degrees a picture is turned clockwise before anything looks at it. */
export const TURNS = [0, 90, 180, 270] as const;
export type Turn = (typeof TURNS)[number];

/** What is known of a video before decoding it (ffprobe). A field the container does not tell is null. */
export interface VideoInfo {
  readonly path: string;
  readonly streamIndex: number;
  readonly codec: string;
  readonly pixelFormat: string | null;
  /** Size as shown: rotation metadata and working-resolution limit applied. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Size as shown, before the working-resolution limit. */
  readonly sourceWidthPx: number;
  readonly sourceHeightPx: number;
  readonly rotationDegrees: number;
  /** Start of the container in the source's own clock, as players count from it: a frame's source PTS is `ptsUs` plus this. */
  readonly startOffsetSeconds: number;
  readonly durationSeconds: number | null;
  readonly frameCount: number | null;
  /** Nominal frames per second; only for display and estimates, never for time. */
  readonly nominalFps: number | null;
  /** Of the frames, not of the file. */
  readonly matrix?: ColourMatrix;
  /** What a person should know of how the file is read, one line each: other streams, converted colours. */
  readonly notes?: readonly string[];
}

/** A finite source of frames. Pull-driven: it decodes no faster than frames are taken, and drops nothing. */
export interface FrameSource {
  readonly info: VideoInfo;
  /** What the last run to the end noticed and coped with, one line each; empty until then. */
  readonly notes: readonly string[];
  /** Yields each frame in presentation order. Ends early, after the good frames, with an AffectError on damage. */
  frames(signal: AbortSignal): AsyncGenerator<FrameLease, void, void>;
}
