import { availableParallelism } from 'node:os';
import type { Decoder } from '../domain/decoder.js';
import { AffectError } from '../domain/errors.js';
import { type FrameSource, TURNS, type Turn, type VideoInfo } from '../domain/frame.js';
import { DEFAULT_MAX_SIDE_PX } from '../domain/reading-size.js';
import { decodeArguments } from './decode-arguments.js';
import { decodeFrames } from './decode-frames.js';
import { DecodeRun } from './decode-run.js';
import { askFfprobe, localFileUrl, type ProbeAnswer } from './ffprobe.js';
import { isWebp } from './is-webp.js';
import { readProbe } from './probe.js';

export interface OpenVideoOptions {
  /** A local file. Never read as an option, pattern or protocol, whatever its name. */
  readonly path: string;
  /** 0-based among the file's video streams, cover art not counted. Default 0. */
  readonly streamIndex?: number;
  /** Frames with this PTS or later; as `ptsUs`, since the start of the container. */
  readonly startSeconds?: number;
  /** Frames before this PTS. */
  readonly endSeconds?: number;
  /** Keeps the first frame of each interval of 1/sampleFps s, with its real PTS. Lower is faster and coarser. */
  readonly sampleFps?: number;
  /** Frames are shrunk so that the longer side has at most this many pixels. Default DEFAULT_MAX_SIDE_PX. */
  readonly maxSidePx?: number;
  /** Turned clockwise by this, beside the rotation that the file itself tells. Default 0. */
  readonly turn?: Turn;
  /** Frames decoded ahead at most; each costs one frame of memory. Default 8. */
  readonly poolSlots?: number;
  /** Threads ffmpeg decodes with. Default: half the cores, 1 to 4, as inference needs the others. */
  readonly decoderThreads?: number;
  /** Hardware that decodes; software takes over, with a note, where it cannot. @default 'none' */
  readonly decoder?: Decoder;
  /** How long ffmpeg may be silent before the file counts as damaged. Default 60 s. */
  readonly stallMs?: number;
  /** Ends the asking of ffprobe; `frames` has its own. */
  readonly signal?: AbortSignal;
  /** Who opens one file several times asks once. @default asks ffprobe */
  readonly ask?: () => Promise<ProbeAnswer>;
}

/**
 * Opens a recorded video. Frames come upright, with square pixels, as limited-range yuv420p, each with its exact PTS
 * (ffprobe's best-effort timestamp, to the µs), variable frame rate kept; PTS rise strictly: see docs/source.md for the
 * rule that repairs files in which they do not. `frames` may be called several times, each run decodes anew; it
 * returns quietly when its signal is aborted.
 * Errors here: USAGE for a start after the end, INPUT_NOT_FOUND, INPUT_NO_VIDEO, INPUT_UNSUPPORTED, INPUT_DAMAGED, FFMPEG_MISSING, RangeError for options
 * out of range. Errors of `frames`, after the last good frame: INPUT_DAMAGED, INPUT_UNSUPPORTED, INTERRUPTED.
 */
export async function openVideo(options: OpenVideoOptions): Promise<FrameSource> {
  const {
    path,
    maxSidePx = DEFAULT_MAX_SIDE_PX,
    turn = 0,
    poolSlots = 8,
    stallMs = 60_000,
    decoder = 'none',
  } = options;
  const { streamIndex, startSeconds, endSeconds, sampleFps } = options;
  const decoderThreads = options.decoderThreads ?? Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2)));
  checkWhole('maxSidePx', maxSidePx, { least: 16 });
  checkNumber('turn', turn, (value) => TURNS.some((each) => each === value));
  checkWhole('poolSlots', poolSlots, { least: 1 });
  checkWhole('decoderThreads', decoderThreads, { least: 1 });
  if (streamIndex !== undefined) checkWhole('streamIndex', streamIndex, { least: 0 });
  checkNumber('stallMs', stallMs, (value) => value > 0);
  checkNumber('startSeconds', startSeconds, () => true);
  checkNumber('endSeconds', endSeconds, (value) => value > (startSeconds ?? Number.NEGATIVE_INFINITY));
  checkNumber('sampleFps', sampleFps, (value) => value > 0);
  const range = { startSeconds, endSeconds, sampleFps };
  if (await isWebp(path)) {
    const { openAnimatedWebp } = await import('./animated-webp.js'); // It alone needs sharp.
    const pictures = await openAnimatedWebp({ path, streamIndex, maxSidePx, turn, poolSlots, ...range });
    if (pictures) {
      checkBeginsInside(pictures.info, pictures.info.durationSeconds, startSeconds);
      return pictures;
    }
  }
  const { ask = () => askFfprobe(path, options.signal) } = options;
  const video = readProbe({ ...(await ask()), path, streamIndex, maxSidePx, turn });
  checkBeginsInside(video.info, video.endSeconds, startSeconds);
  const { widthPx, heightPx } = video.info;
  const notes: string[] = [];
  return {
    info: video.info,
    notes,
    frames: (signal) => {
      notes.length = 0;
      const start = (by: Decoder) =>
        new DecodeRun({
          arguments: decodeArguments(video, { ...range, decoderThreads, decoder: by }),
          input: localFileUrl(path),
          widthPx,
          heightPx,
          matrix: video.colour.matrix,
          poolSlots,
          stallMs,
        });
      return decodeFrames({ video, decoder, start, signal, notes, ...range });
    },
  };
}

/** Throws USAGE where nothing is left to read. */
function checkBeginsInside(info: VideoInfo, endSeconds: number | null, startSeconds: number | undefined): void {
  if (startSeconds === undefined || endSeconds === null) return;
  const end = endSeconds - info.startOffsetSeconds;
  if (startSeconds < end) return;
  throw new AffectError(
    'USAGE',
    `${info.path}: ends at ${end.toFixed(1)} s, before the start asked for (${startSeconds} s); begin earlier`,
  );
}

function checkWhole(name: string, value: number, { least }: { readonly least: number }): void {
  checkNumber(name, value, (number) => Number.isInteger(number) && number >= least);
}

function checkNumber(name: string, value: number | undefined, allowed: (value: number) => boolean): void {
  if (value === undefined || (Number.isFinite(value) && allowed(value))) return;
  throw new RangeError(`${name} is out of range: ${value}`);
}
