import { availableParallelism } from 'node:os';
import { AffectError } from '../domain/errors.js';
import type { FrameLease, FrameSource } from '../domain/frame.js';
import { decodeArguments } from './decode-arguments.js';
import { type DecodeEnd, DecodeRun } from './decode-run.js';
import { EXIT_ON_SIGNAL } from './ffmpeg-process.js';
import { lastPacket, localFileUrl, probeVideo } from './ffprobe.js';
import type { ProbedVideo } from './probe.js';

export interface OpenVideoOptions {
  /** A local file. Never read as an option, pattern or protocol, whatever its name. */
  readonly path: string;
  /** 0-based among the file's video streams, cover art not counted. Default 0. */
  readonly streamIndex?: number;
  /** Frames with this PTS or later, in the file's own clock (the one of `ptsUs`, not "since the beginning"). */
  readonly startSeconds?: number;
  /** Frames before this PTS. */
  readonly endSeconds?: number;
  /** Keeps the first frame of each interval of 1/sampleFps s, with its real PTS. Lower is faster and coarser. */
  readonly sampleFps?: number;
  /** Frames are shrunk so that the longer side has at most this many pixels. Default 1280. */
  readonly maxSidePx?: number;
  /** Frames decoded ahead at most; each costs one frame of memory. Default 8. */
  readonly poolSlots?: number;
  /** Threads ffmpeg decodes with. Default: half the cores, 1 to 4, as inference needs the others. */
  readonly decoderThreads?: number;
  /** How long ffmpeg may be silent before the file counts as damaged. Default 60 s. */
  readonly stallMs?: number;
  /** Ends the asking of ffprobe; `frames` has its own. */
  readonly signal?: AbortSignal;
}

const MAX_SHORTFALL_SECONDS = 0.5;

/**
 * Opens a recorded video. Frames come upright, with square pixels, as limited-range yuv420p, each with its exact PTS
 * (ffprobe's best-effort timestamp, to the µs), variable frame rate kept; PTS rise strictly: see docs/source.md for the
 * rule that repairs files in which they do not. `frames` may be called several times, each run decodes anew; it
 * returns quietly when its signal is aborted.
 * Errors here: INPUT_NOT_FOUND, INPUT_NO_VIDEO, INPUT_UNSUPPORTED, INPUT_DAMAGED, FFMPEG_MISSING, RangeError for options
 * out of range. Errors of `frames`, after the last good frame: INPUT_DAMAGED, INPUT_UNSUPPORTED, INTERRUPTED.
 */
export async function openVideo(options: OpenVideoOptions): Promise<FrameSource> {
  const { path, maxSidePx = 1280, poolSlots = 8, stallMs = 60_000 } = options;
  const { streamIndex, startSeconds, endSeconds, sampleFps } = options;
  const decoderThreads = options.decoderThreads ?? Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2)));
  checkWhole('maxSidePx', maxSidePx, { least: 16 });
  checkWhole('poolSlots', poolSlots, { least: 1 });
  checkWhole('decoderThreads', decoderThreads, { least: 1 });
  if (streamIndex !== undefined) checkWhole('streamIndex', streamIndex, { least: 0 });
  checkNumber('stallMs', stallMs, (value) => value > 0);
  checkNumber('startSeconds', startSeconds, () => true);
  checkNumber('endSeconds', endSeconds, (value) => value > (startSeconds ?? Number.NEGATIVE_INFINITY));
  checkNumber('sampleFps', sampleFps, (value) => value > 0);
  const video = await probeVideo({ path, streamIndex, maxSidePx, signal: options.signal });
  const { widthPx, heightPx } = video.info;
  return {
    info: video.info,
    frames: (signal) => {
      const start = () =>
        new DecodeRun({
          arguments: decodeArguments(video, { startSeconds, endSeconds, sampleFps, decoderThreads }),
          input: localFileUrl(path),
          widthPx,
          heightPx,
          poolSlots,
          stallMs,
        });
      return frames({ video, start, signal, endSeconds, sampleFps });
    },
  };
}

interface RangeTask {
  readonly signal: AbortSignal;
  readonly endSeconds: number | undefined;
  readonly sampleFps: number | undefined;
}

interface FramesTask extends RangeTask {
  readonly video: ProbedVideo;
  readonly start: () => DecodeRun;
}

async function* frames({ video, start, signal, ...range }: FramesTask): AsyncGenerator<FrameLease, void, void> {
  if (signal.aborted) return;
  const run = start();
  const stop = () => void run.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (let lease = await run.next(); lease; lease = await run.next()) yield lease;
    if (signal.aborted) return;
    const problem = await problemOf(video, await run.end(), { ...range, signal });
    if (problem && !signal.aborted) throw problem;
  } finally {
    signal.removeEventListener('abort', stop);
    await run.stop();
  }
}

/** Judges how decoding ended: undefined when the file was read to its end. */
async function problemOf(video: ProbedVideo, end: DecodeEnd, range: RangeTask): Promise<AffectError | undefined> {
  const { path, codec } = video.info;
  const { stderr, exit } = end;
  const damaged = (what: string) => {
    const upTo = end.lastPtsUs === null ? 'no frame could be read' : `read up to ${(end.lastPtsUs / 1e6).toFixed(3)} s`;
    return new AffectError('INPUT_DAMAGED', `${path}: damaged, ${upTo}: ${what}; copy or record it again`);
  };
  if (exit.spawnError !== null) {
    return new AffectError('FFMPEG_MISSING', `ffmpeg cannot be started (${exit.spawnError}); reinstall ffmpeg`);
  }
  if (stderr.noDecoder) {
    const hint = 'convert it to H.264, or install an ffmpeg built with that decoder';
    return new AffectError(
      'INPUT_UNSUPPORTED',
      `${path}: this ffmpeg cannot decode its video (codec ${codec}); ${hint}`,
    );
  }
  if (end.stalled) return damaged('ffmpeg stopped answering');
  if (stderr.damageLines > 0) return damaged(stderr.lastDamage ?? stderr.lastError ?? 'unreadable data');
  if (exit.code === EXIT_ON_SIGNAL) {
    return new AffectError('INTERRUPTED', `${path}: decoding was stopped from outside; start it again`);
  }
  if (end.streamProblem) return damaged(end.streamProblem);
  if (exit.signal) return damaged(`ffmpeg died (${exit.signal})`);
  if (end.cutOff) return damaged('the stream from ffmpeg ends inside a frame');
  if (exit.code !== 0) return damaged(`ffmpeg failed with code ${exit.code}`);
  return (await endsEarly(video, end, range)) ? damaged('it ends before the time its header declares') : undefined;
}

/** True when the last frame lies well before the declared end, and no packet in the file fills the gap. */
async function endsEarly(video: ProbedVideo, end: DecodeEnd, range: RangeTask): Promise<boolean> {
  if (video.endSeconds === null || end.lastPtsUs === null || range.endSeconds !== undefined) return false;
  const frameSeconds = 1 / Math.min(video.info.nominalFps ?? 25, range.sampleFps ?? Number.POSITIVE_INFINITY);
  const lastSeconds = end.lastPtsUs / 1e6;
  if (lastSeconds + frameSeconds >= video.endSeconds - MAX_SHORTFALL_SECONDS) return false;
  // A still picture may be shown for long at the end: its packet then says so.
  const { containerStreamIndex, info } = video;
  const last = await lastPacket({
    path: info.path,
    containerStreamIndex,
    fromSeconds: lastSeconds,
    signal: range.signal,
  });
  return (
    !last || last.ptsSeconds > lastSeconds + frameSeconds || last.endSeconds < video.endSeconds - MAX_SHORTFALL_SECONDS
  );
}

function checkWhole(name: string, value: number, { least }: { readonly least: number }): void {
  checkNumber(name, value, (number) => Number.isInteger(number) && number >= least);
}

function checkNumber(name: string, value: number | undefined, allowed: (value: number) => boolean): void {
  if (value === undefined || (Number.isFinite(value) && allowed(value))) return;
  throw new RangeError(`${name} is out of range: ${value}`);
}
