import { execFile } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { debuglog } from 'node:util';
import { AffectError } from '../domain/errors.js';
import { childEnvironment } from './child-environment.js';
import { type FfmpegVersion, parseFfmpegVersion } from './ffmpeg-version.js';
import { findProgram } from './find-program.js';
import { looksLikeContainer, otherKind } from './magic.js';
import { plainWords } from './plain-words.js';
import { unreadable } from './unreadable.js';

const debug = debuglog('mien');
const PROBE_TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 16 * 2 ** 20;

/** Names a local file so that ffmpeg takes no part of it for an option, a pattern or a protocol. */
export function localFileUrl(path: string): string {
  return `file:${resolve(path)}`;
}

/** What ffprobe says of a file, whatever of it is then read and how. */
export interface ProbeAnswer {
  readonly json: unknown;
  readonly warnings: string;
  readonly ffmpeg: FfmpegVersion;
}

/**
 * Asks ffprobe (from FFPROBE_PATH, or on PATH) about a local file. One process; it also tells the version of ffmpeg.
 * Errors: INPUT_NOT_FOUND, INPUT_NO_VIDEO, INPUT_DAMAGED, FFMPEG_MISSING, INTERRUPTED when the signal aborts.
 */
export async function askFfprobe(path: string, signal: AbortSignal | undefined): Promise<ProbeAnswer> {
  await checkReadable(path);
  const ask = ['-show_program_version', '-show_format', '-show_streams', ...localInput(path)];
  const answer = await ffprobe(ask, signal);
  const json = parseJson(answer.stdout);
  const ffmpeg = versionIn(json);
  if (answer.failed) throw await whyUnreadable(path, answer);
  return { json, warnings: answer.stderr, ffmpeg };
}

/** Times of a packet in the source's own clock, seconds; null where the container tells none. */
export interface VideoPacket {
  readonly ptsSeconds: number | null;
  readonly endSeconds: number | null;
  /** Marked by the container as not to be shown (an edit list). */
  readonly discarded: boolean;
}

/** The packets of one stream, or of all, in the order of the file; from about `fromSeconds` on when it is given. */
export async function readPackets(options: {
  readonly path: string;
  readonly containerStreamIndex: number | 'all';
  readonly fromSeconds?: number;
  readonly signal: AbortSignal;
}): Promise<VideoPacket[]> {
  const { path, containerStreamIndex, fromSeconds, signal } = options;
  const ask = [
    ...(containerStreamIndex === 'all' ? [] : ['-select_streams', String(containerStreamIndex)]),
    ...(fromSeconds === undefined ? [] : ['-read_intervals', `${fromSeconds}%`]),
    '-show_entries',
    'packet=pts_time,duration_time,flags',
    ...localInput(path),
  ];
  const { stdout } = await ffprobe(ask, signal);
  const packets = (parseJson(stdout) as { packets?: { pts_time?: string; duration_time?: string; flags?: string }[] })
    .packets;
  return (packets ?? []).map(({ pts_time, duration_time, flags }) => {
    const pts = pts_time === undefined ? Number.NaN : Number(pts_time);
    const ptsSeconds = Number.isFinite(pts) ? pts : null;
    const endSeconds = ptsSeconds === null ? null : ptsSeconds + (Number(duration_time) || 0);
    return { ptsSeconds, endSeconds, discarded: flags?.includes('D') ?? false };
  });
}

/** Version of the installed ffmpeg (that of ffprobe, which comes with it). Errors: FFMPEG_MISSING, INTERRUPTED. */
export async function ffmpegVersion(signal?: AbortSignal): Promise<FfmpegVersion> {
  return versionIn(parseJson((await ffprobe(['-show_program_version'], signal)).stdout));
}

function versionIn(json: unknown): FfmpegVersion {
  const version = (json as { program_version?: { version?: string } })?.program_version?.version;
  return parseFfmpegVersion(version ?? 'unknown');
}

async function checkReadable(path: string): Promise<void> {
  const facts = await stat(path).catch(async (cause: unknown) => {
    throw await unreadable(path, cause);
  });
  if (facts.isDirectory()) throw new AffectError('INPUT_NO_VIDEO', `${path}: is a folder; name a file in it`);
  if (!facts.isFile()) throw new AffectError('INPUT_NO_VIDEO', `${path}: is not a regular file; give a video file`);
  if (facts.size === 0) throw new AffectError('INPUT_NO_VIDEO', `${path}: is empty; copy or record it again`);
  const handle = await open(path).catch(async (cause: unknown) => {
    throw await unreadable(path, cause);
  });
  await handle.close();
}

interface Answer {
  readonly failed: boolean;
  /** It was killed: it had said nothing for too long, or too much. */
  readonly stalled: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

function localInput(path: string): string[] {
  return ['-protocol_whitelist', 'file', localFileUrl(path)];
}

function ffprobe(ask: readonly string[], signal: AbortSignal | undefined): Promise<Answer> {
  const program = findProgram('ffprobe');
  const args = ['-v', 'warning', '-of', 'json', ...ask];
  const limits = {
    timeout: PROBE_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_ANSWER_BYTES,
    env: childEnvironment(process.env),
    signal,
  } as const;
  const stopped = new AffectError('INTERRUPTED', 'stopped before ffprobe answered');
  if (signal?.aborted) return Promise.reject(stopped);
  return new Promise((settle, reject) => {
    const child = execFile(program, args, limits, (error, stdout, stderr) => {
      if (signal?.aborted) {
        // It is told as it is killed; who waits for this may count on that it is gone.
        if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) reject(stopped);
        else child.once('exit', () => reject(stopped));
        return;
      }
      if (typeof error?.code === 'string' && error.code.startsWith('E') && !error.code.startsWith('ERR')) {
        reject(new AffectError('FFMPEG_MISSING', `${program} cannot be run (${error.code}); reinstall ffmpeg`));
        return;
      }
      settle({ failed: error !== null, stalled: error?.killed ?? false, stdout, stderr });
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // A killed or failing ffprobe leaves an unfinished answer: the same as none.
  }
}

async function whyUnreadable(path: string, { stderr, stalled }: Answer): Promise<AffectError> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: new Uint8Array(4096), position: 0 });
    debug('ffprobe: %s', stderr);
    const start = buffer.subarray(0, bytesRead);
    if (looksLikeContainer(start)) {
      const what = stalled
        ? `ffprobe was silent for ${PROBE_TIMEOUT_MS / 1000} s`
        : plainWords(stderr, 'its data are broken');
      const text = `${path}: nothing can be read: ${what}; copy or record it again`;
      return new AffectError('INPUT_DAMAGED', text, { cause: stderr });
    }
    const kind = otherKind(start);
    const text = kind === null ? 'is not a video' : `is ${kind}, not a video`;
    return new AffectError('INPUT_NO_VIDEO', `${path}: ${text}; give a video file`, { cause: stderr });
  } finally {
    await handle.close();
  }
}
