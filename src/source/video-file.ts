import { availableParallelism } from 'node:os';
import { AffectError } from '../domain/errors.js';
import { type FrameLease, type FrameSource, TURNS, type Turn, type VideoInfo } from '../domain/frame.js';
import { openAnimatedWebp } from './animated-webp.js';
import { decodeArguments, fitsLaterSizes, UNDECLARED_END } from './decode-arguments.js';
import { type DecodeEnd, DecodeRun } from './decode-run.js';
import { EXIT_ON_SIGNAL } from './ffmpeg-process.js';
import { localFileUrl, probeVideo, readPackets, type VideoPacket } from './ffprobe.js';
import {
  countPictures,
  type DecodeFacts,
  fallsShort,
  judgeDecode,
  MAX_SHORTFALL_SECONDS,
  repairNotes,
} from './judge-decode.js';
import { plainWords } from './plain-words.js';
import type { ProbedVideo } from './probe.js';

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
  /** Frames are shrunk so that the longer side has at most this many pixels. Default 1280. */
  readonly maxSidePx?: number;
  /** Turned clockwise by this, beside the rotation that the file itself tells. Default 0. */
  readonly turn?: Turn;
  /** Frames decoded ahead at most; each costs one frame of memory. Default 8. */
  readonly poolSlots?: number;
  /** Threads ffmpeg decodes with. Default: half the cores, 1 to 4, as inference needs the others. */
  readonly decoderThreads?: number;
  /** How long ffmpeg may be silent before the file counts as damaged. Default 60 s. */
  readonly stallMs?: number;
  /** Ends the asking of ffprobe; `frames` has its own. */
  readonly signal?: AbortSignal;
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
  const { path, maxSidePx = 1280, turn = 0, poolSlots = 8, stallMs = 60_000 } = options;
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
  const pictures = await openAnimatedWebp({ path, streamIndex, maxSidePx, turn, poolSlots, ...range });
  if (pictures) {
    checkBeginsInside(pictures.info, pictures.info.durationSeconds, startSeconds);
    return pictures;
  }
  const video = await probeVideo({ path, streamIndex, maxSidePx, turn, signal: options.signal });
  checkBeginsInside(video.info, video.endSeconds, startSeconds);
  const { widthPx, heightPx } = video.info;
  const notes: string[] = [];
  return {
    info: video.info,
    notes,
    frames: (signal) => {
      notes.length = 0;
      const start = () =>
        new DecodeRun({
          arguments: decodeArguments(video, { ...range, decoderThreads }),
          input: localFileUrl(path),
          widthPx,
          heightPx,
          matrix: video.colour.matrix,
          poolSlots,
          stallMs,
        });
      return frames({ video, start, signal, notes, ...range });
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

/** What is read of a video, and what ends the reading. */
interface Range {
  readonly signal: AbortSignal;
  readonly startSeconds: number | undefined;
  readonly endSeconds: number | undefined;
  readonly sampleFps: number | undefined;
}

interface FramesTask extends Range {
  readonly video: ProbedVideo;
  readonly start: () => DecodeRun;
  readonly notes: string[];
}

async function* frames({ video, start, notes, ...range }: FramesTask): AsyncGenerator<FrameLease, void, void> {
  const { signal } = range;
  if (signal.aborted) return;
  const run = start();
  const stop = () => void run.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (let lease = await run.next(); lease; lease = await run.next()) yield lease;
    if (signal.aborted) return;
    const end = await run.end();
    notes.push(...repairNotes(end.log, { aspectKept: fitsLaterSizes(video.info) }));
    const problem = problemOf(video, end) ?? (await damageOf(video, end, { range, notes }));
    if (problem && !signal.aborted) throw problem;
  } finally {
    signal.removeEventListener('abort', stop);
    await run.stop();
  }
}

/** `said`: ffmpeg's own words, if any. */
function damaged({ info }: ProbedVideo, { lastPtsUs }: DecodeEnd, what: string, said?: string): AffectError {
  const upTo = lastPtsUs === null ? 'no frame could be read' : `read up to ${(lastPtsUs / 1e6).toFixed(3)} s`;
  const cause = said === undefined ? {} : { cause: said };
  return new AffectError('INPUT_DAMAGED', `${info.path}: damaged, ${upTo}: ${what}; copy or record it again`, cause);
}

/** Judges how ffmpeg ended: undefined when it came to the end by itself. */
function problemOf(video: ProbedVideo, end: DecodeEnd): AffectError | undefined {
  const { path, codec } = video.info;
  const { exit } = end;
  const { stderr } = end.log;
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
  if (end.stalled) return damaged(video, end, 'ffmpeg stopped answering');
  if (exit.code === EXIT_ON_SIGNAL) {
    return new AffectError('INTERRUPTED', `${path}: decoding was stopped from outside; start it again`);
  }
  if (end.streamProblem) return damaged(video, end, 'what ffmpeg sent makes no sense', end.streamProblem);
  if (exit.signal) return damaged(video, end, `ffmpeg died (${exit.signal})`);
  if (end.cutOff) return damaged(video, end, 'the stream from ffmpeg ends inside a frame');
  const complaint = stderr.lastDamage ?? stderr.lastError;
  const broken = () => damaged(video, end, plainWords(complaint, 'its data are broken'), complaint);
  if (exit.code !== 0 || (end.frames === 0 && stderr.damageLines > 0)) return broken();
  return undefined;
}

/** Counts what was lost on the way. Adds what else was noticed to `notes`. */
async function damageOf(
  video: ProbedVideo,
  end: DecodeEnd,
  { range, notes }: { readonly range: Range; readonly notes: string[] },
): Promise<AffectError | undefined> {
  const { log } = end;
  const facts: DecodeFacts = {
    complaints: log.stderr.damageLines,
    // A run-up from the middle of the file may begin with patched pictures, which are then left out.
    brokenPictures: range.startSeconds === undefined ? log.brokenPictures : 0,
    decodedPictures: log.decodedPictures,
    pictures: log.stderr.damageLines > 0 ? await picturesOf(video, end, range) : null,
    undeclaredEnd: UNDECLARED_END.test(video.format),
    endsEarly: await endsEarly(video, end, range),
  };
  const verdict = judgeDecode(facts);
  notes.push(...verdict.notes);
  return verdict.damage === null ? undefined : damaged(video, end, verdict.damage);
}

async function picturesOf({ info, containerStreamIndex }: ProbedVideo, end: DecodeEnd, range: Range) {
  if (range.startSeconds !== undefined || range.endSeconds !== undefined || end.firstPtsUs === null) return null;
  const packets = await readPackets({ path: info.path, containerStreamIndex, signal: range.signal });
  return countPictures(packets, end.firstPtsUs / 1e6 + info.startOffsetSeconds);
}

/** True when the last frame lies well before the declared end, and no packet in the file fills the gap. */
async function endsEarly(video: ProbedVideo, end: DecodeEnd, range: Range): Promise<boolean> {
  const { info, format, endSeconds: declaredEndSeconds, containerStreamIndex } = video;
  if (declaredEndSeconds === null || end.lastPtsUs === null || range.endSeconds !== undefined) return false;
  if (UNDECLARED_END.test(format)) return false;
  const frameSeconds = 1 / Math.min(info.nominalFps ?? 25, range.sampleFps ?? Number.POSITIVE_INFINITY);
  const lastSeconds = end.lastPtsUs / 1e6 + info.startOffsetSeconds;
  if (lastSeconds + frameSeconds >= declaredEndSeconds - MAX_SHORTFALL_SECONDS) return false;
  // The last picture may be shown for long, or the sound outlast it: the packets then say so.
  const repaired = end.log.repaired('fall') + end.log.repaired('leap') > 0;
  const { signal } = range;
  const from = repaired ? { signal } : { signal, fromSeconds: lastSeconds };
  const pictures = await readPackets({ path: info.path, containerStreamIndex, ...from });
  if (!repaired && (latest(pictures, 'ptsSeconds') ?? lastSeconds) > lastSeconds + frameSeconds) return true;
  const all = await readPackets({ path: info.path, containerStreamIndex: 'all', ...from });
  return fallsShort({ declaredEndSeconds, lastEndSeconds: latest(all, 'endSeconds') });
}

function latest(packets: readonly VideoPacket[], time: 'ptsSeconds' | 'endSeconds'): number | null {
  return packets.reduce<number | null>((last, packet) => {
    const at = packet.discarded ? null : packet[time];
    return at !== null && (last === null || at > last) ? at : last;
  }, null);
}

function checkWhole(name: string, value: number, { least }: { readonly least: number }): void {
  checkNumber(name, value, (number) => Number.isInteger(number) && number >= least);
}

function checkNumber(name: string, value: number | undefined, allowed: (value: number) => boolean): void {
  if (value === undefined || (Number.isFinite(value) && allowed(value))) return;
  throw new RangeError(`${name} is out of range: ${value}`);
}
