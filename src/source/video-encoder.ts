import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { type ColourMatrix, matrixOf } from '../domain/colour.js';
import { AffectError } from '../domain/errors.js';
import { yuv420pBytes } from '../domain/frame.js';
import type { Micros } from '../domain/units.js';
import { PTS_OFFSET_US } from './decode-arguments.js';
import { EXIT_ON_SIGNAL, type FfmpegExit, runFfmpeg } from './ffmpeg-process.js';
import { type FfmpegVersion, fpsPassthrough } from './ffmpeg-version.js';
import { ffmpegVersion, localFileUrl } from './ffprobe.js';
import { nutFileHeader, nutFrame } from './nut-muxer.js';
import { plainWords } from './plain-words.js';
import { StderrReader } from './stderr-reader.js';

export interface OpenEncoderOptions {
  /** The MP4 file to write. */
  readonly path: string;
  /** Size of the frames given to `write`; odd sizes get one black column or row to be even, as H.264 needs. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** A hint for the encoder's rate control; frame times come from `write`. */
  readonly nominalFps: number | null;
  /** Of the frames; written into the file so that players need not guess. @default by size */
  readonly matrix?: ColourMatrix;
  readonly overwrite: boolean;
  /** x264 constant rate factor, 0 to 51: higher is smaller and worse. Default 20. */
  readonly quality?: number;
  readonly threads?: number;
}

export interface VideoEncoder {
  /**
   * Adds a frame: yuv420p, limited range, without padding; `ptsUs` above the one before. Resolves when the next may
   * come; the bytes may then be reused. Rejects with OUTPUT_UNWRITABLE when ffmpeg has given up, with
   * INTERRUPTED when a signal from outside (Ctrl-C) made it finish the file.
   */
  write(yuv420p: Uint8Array, ptsUs: Micros): Promise<void>;
  /** Finishes the file (index first, "faststart"). Idempotent. Rejects with OUTPUT_UNWRITABLE. */
  close(): Promise<void>;
}

/**
 * Writes H.264 in MP4 through ffmpeg, every frame at the time given (to 1/90000 s; variable frame rate kept).
 * Errors: OUTPUT_EXISTS, OUTPUT_UNWRITABLE (at the first write or at close), FFMPEG_MISSING.
 */
export async function openEncoder(options: OpenEncoderOptions): Promise<VideoEncoder> {
  const { path, widthPx, heightPx, overwrite } = options;
  if (!overwrite && (await exists(path))) {
    throw new AffectError('OUTPUT_EXISTS', `${path}: exists already; choose another name or overwrite`);
  }
  const version = await ffmpegVersion();
  const stderr = new StderrReader();
  const pipe = new PassThrough({ highWaterMark: 2 * yuv420pBytes(widthPx, heightPx) });
  // Written to after ffmpeg has gone: the exit, awaited below, is what counts.
  pipe.on('error', () => undefined);
  const run = runFfmpeg({
    inputOptions: ['-hide_banner', '-nostdin', '-loglevel', 'repeat+level+warning', '-copyts', '-f', 'nut'],
    input: pipe,
    outputOptions: outputOptions(options, version),
    output: localFileUrl(path),
    onStderrLine: (line) => stderr.add(line),
  });
  let gone: FfmpegExit | undefined;
  void run.exited.then((exit) => {
    gone = exit;
  });
  const fail = () => {
    if (gone?.code === EXIT_ON_SIGNAL) {
      return new AffectError('INTERRUPTED', `${path}: writing was stopped from outside; it is valid up to there`);
    }
    const reason = plainWords(stderr.lastError, 'ffmpeg gave up');
    return new AffectError(
      'OUTPUT_UNWRITABLE',
      `${path}: cannot be written: ${reason}; check folder, permission and disk`,
      { cause: stderr.lastError },
    );
  };
  const put = async (bytes: Uint8Array) => {
    if (gone) throw fail();
    if (!pipe.write(bytes)) await Promise.race([once(pipe, 'drain'), run.exited]);
    if (gone) throw fail();
  };
  await put(nutFileHeader({ widthPx, heightPx }));
  let closing: Promise<void> | undefined;
  const finish = async () => {
    pipe.end();
    const exit = await run.exited;
    // Asked by a signal to end, it has finished the file by itself.
    if (exit.code !== 0 && exit.code !== EXIT_ON_SIGNAL) throw fail();
  };
  return {
    write: async (yuv420p, ptsUs) => put(nutFrame({ widthPx, heightPx }, { yuv420p, ptsUs: ptsUs + PTS_OFFSET_US })),
    close: () => {
      closing ??= finish();
      return closing;
    },
  };
}

function outputOptions(options: OpenEncoderOptions, version: FfmpegVersion): string[] {
  const { nominalFps, quality = 20, threads, overwrite } = options;
  const colours = matrixOf(options) === 'bt709' ? 'bt709' : 'smpte170m';
  // Without a duration the last frame, and so a film of one frame, would be shown for no time.
  const lastFrame = `setts=pts=PTS:dts=DTS:duration=${Math.round(90_000 / (nominalFps ?? 25))}`;
  const evenSize = 'pad=ceil(iw/2)*2:ceil(ih/2)*2';
  return [
    ...['-vf', `setpts=PTS-${PTS_OFFSET_US},${evenSize}`, '-an', ...fpsPassthrough(version)],
    ...['-enc_time_base', '1:90000', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(quality)],
    ...[
      '-pix_fmt',
      'yuv420p',
      '-color_range',
      'tv',
      '-colorspace',
      colours,
      '-g',
      String(Math.round((nominalFps ?? 25) * 4)),
    ],
    ...(threads === undefined ? [] : ['-threads', String(threads)]),
    ...[
      '-video_track_timescale',
      '90000',
      '-movflags',
      '+faststart',
      '-bsf:v',
      lastFrame,
      '-f',
      'mp4',
      overwrite ? '-y' : '-n',
    ],
  ];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
