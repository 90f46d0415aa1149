import { AffectError } from '../domain/errors.js';

export interface FfmpegVersion {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

/**
 * Reads "5.1.9-0+deb12u1", "n6.0", "7.1". Builds from git carry no number and count as newest.
 * Throws FFMPEG_MISSING below version 5.
 */
export function parseFfmpegVersion(text: string): FfmpegVersion {
  const match = /^n?(\d+)\.(\d+)/.exec(text.trim());
  const version = match ? { text, major: Number(match[1]), minor: Number(match[2]) } : { text, major: 99, minor: 0 };
  if (version.major < 5) {
    throw new AffectError('FFMPEG_MISSING', `ffmpeg ${text} is too old; install ffmpeg 5 or newer`);
  }
  return version;
}

/** Arguments that keep every frame at its own time, in this version's words. */
export function fpsPassthrough({ major, minor }: FfmpegVersion): string[] {
  const renamed = major > 5 || minor >= 1;
  return renamed ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough'];
}
