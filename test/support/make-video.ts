import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameSource } from '../../src/domain/frame.js';

export { mulberry32 as seededRandom } from '../../src/statistics/random.js';

/** Runs ffmpeg with these arguments, quietly; its words are in the error when it fails. */
export function ffmpeg(...args: readonly string[]): Buffer {
  return execFileSync('ffmpeg', ['-nostdin', '-hide_banner', '-v', 'error', '-y', ...args], {
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A folder for the videos of one test file. */
export function videoFolder(): { readonly path: (name: string) => string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'mien-video-'));
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** ffmpeg input arguments of a moving test picture. */
export function testPicture({ seconds = 1, size = '160x120', fps = 25 } = {}): string[] {
  return ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`];
}

/** Encoder arguments: small, quick, with reordered frames. */
export const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-pix_fmt', 'yuv420p', '-g', '12'];

/** The time of every frame as ffprobe decodes it, in seconds from the start of the container. `stream` as ffprobe's -select_streams. */
export function ffprobePts(path: string, stream = 'v:0'): number[] {
  const entries = 'frame=best_effort_timestamp_time:format=start_time';
  const args = ['-v', 'quiet', '-select_streams', stream, '-show_entries', entries];
  const answer = execFileSync('ffprobe', [...args, '-of', 'json', `file:${path}`], { maxBuffer: 2 ** 28 });
  const { frames, format } = JSON.parse(answer.toString()) as {
    frames: { best_effort_timestamp_time: string }[];
    format: { start_time?: string };
  };
  return frames.map((frame) => Number(frame.best_effort_timestamp_time) - (Number(format.start_time) || 0));
}

/** Hash of every frame's pixels as ffmpeg itself converts them, decoded without our arguments. */
export function referenceHashes(options: {
  readonly path: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameBytes: number;
  readonly stream?: string;
  /** Of the result, where the source has none of its own (RGB). */
  readonly matrix?: string;
}): string[] {
  const { path, widthPx, heightPx, frameBytes, stream = '0:v:0', matrix } = options;
  const toMatrix = matrix === undefined ? '' : `:out_color_matrix=${matrix}`;
  const scale = `scale=${widthPx}:${heightPx}:out_range=tv${toMatrix},format=yuv420p`;
  const output = ['-map', stream, '-vf', scale, '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'];
  const bytes = ffmpeg('-i', `file:${path}`, ...output);
  const hashes: string[] = [];
  for (let at = 0; at < bytes.length; at += frameBytes) hashes.push(pixelHash(bytes.subarray(at, at + frameBytes)));
  return hashes;
}

export function pixelHash(bytes: Uint8Array): string {
  return createHash('sha1').update(Buffer.from(bytes)).digest('hex');
}

export interface ReadFrame {
  readonly index: number;
  readonly ptsUs: number;
  readonly bytes: number;
  readonly hash: string;
  readonly meanLuma: number;
}

/** Reads a source to its end and releases every lease; an error it ends with is returned, not thrown. */
export async function readAll(source: FrameSource, signal = new AbortController().signal) {
  const frames: ReadFrame[] = [];
  let error: unknown;
  try {
    for await (const { frame, release } of source.frames(signal)) {
      const luma = frame.data.subarray(0, frame.widthPx * frame.heightPx);
      const meanLuma = luma.reduce((sum, value) => sum + value, 0) / luma.length;
      const { index, ptsUs, data } = frame;
      frames.push({ index, ptsUs, bytes: data.length, hash: pixelHash(data), meanLuma });
      release();
    }
  } catch (thrown) {
    error = thrown;
  }
  return { frames, error };
}

/** Copies a file with changes to its bytes. */
export function copyWith(from: string, to: string, change: (bytes: Buffer) => Buffer): string {
  writeFileSync(to, change(readFileSync(from)));
  return to;
}
