import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { vi } from 'vitest';
import { findProgram } from '../../src/source/find-program.js';

/** Hardware that no machine of this platform has. */
export const ABSENT = process.platform === 'darwin' ? 'vaapi' : 'videotoolbox';

export interface Pretended {
  /** What decoded at each start of ffmpeg, in order; none: software. */
  starts(): string[];
}

/**
 * Puts a script before the real ffmpeg, until the environment is unstubbed. Where hardware is asked for it takes the words
 * away and decodes in software, so that the hardware seems to work; `instead` is what the shell then does first or in its
 * place, with the words of the real ffmpeg in "$@".
 */
export function pretendHardware(path: string, { instead = '' }: { readonly instead?: string } = {}): Pretended {
  const log = `${path}.log`;
  const script = `#!/bin/sh
used=none
left=$#
while [ $left -gt 0 ]; do
  word=$1; shift; left=$((left - 1))
  case $word in
    -hwaccel|-init_hw_device) used=$1; shift; left=$((left - 1));;
    -hwaccel_output_format) shift; left=$((left - 1));;
    *) set -- "$@" "$word";;
  esac
done
echo "$used" >> '${log}'
ffmpeg='${findProgram('ffmpeg')}'
if [ "$used" != none ]; then
  :
  ${instead}
fi
exec "$ffmpeg" "$@"
`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  vi.stubEnv('FFMPEG_PATH', path);
  return { starts: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
}

/** For `instead`: the first ten pictures, then the device is lost. */
export const LOST_AFTER_TEN = `
  left=$#
  while [ $left -gt 0 ]; do
    word=$1; shift; left=$((left - 1))
    case $word in -enc_time_base) set -- "$@" -frames:v 10;; esac
    set -- "$@" "$word"
  done
  "$ffmpeg" "$@"
  echo '[h264 @ 0x1] [error] Failed to transfer data to output frame: -5.' >&2
  exit 1`;
