import { execFile } from 'node:child_process';
import {
  DECODE_CHOICES,
  type DecodeChoice,
  decoderOf,
  decodesInSoftware,
  type SettledDecoder,
} from '../domain/decoder.js';
import { childEnvironment } from './child-environment.js';
import { findProgram } from './find-program.js';
import { HardwareLog } from './hardware-log.js';

const TRY_MS = 10_000;

/** ffmpeg opens the device, and plays one frame of 16 x 16 pixels that it makes itself. */
const TRY = ['-f', 'lavfi', '-i', 'nullsrc=s=16x16:d=0.04', '-f', 'null', '-'];

/**
 * Whether hardware that was asked for can be opened on this machine: settled once for all videos of a run. What then
 * fails for one video alone is seen when it is decoded. Software is not tried. Rejects with FFMPEG_MISSING, and with
 * RangeError for what is no choice; once the signal has aborted, the answer means nothing.
 */
export async function settleDecoder(asked: DecodeChoice, signal?: AbortSignal): Promise<SettledDecoder> {
  if (!DECODE_CHOICES.includes(asked))
    throw new RangeError(`decode must be one of ${DECODE_CHOICES.join(', ')}, got ${asked}`);
  const decoder = decoderOf(asked);
  if (decoder === 'none') return { asked, used: decoder, problem: null };
  const ffmpeg = findProgram('ffmpeg');
  const words = ['-nostdin', '-hide_banner', '-loglevel', 'repeat+level+verbose', '-init_hw_device', decoder, ...TRY];
  const options = {
    timeout: TRY_MS,
    killSignal: 'SIGKILL',
    env: childEnvironment(process.env),
    windowsHide: true,
    ...(signal ? { signal } : {}),
  } as const;
  const why = await new Promise<string | null>((resolve) => {
    execFile(ffmpeg, words, options, (error, _, stderr) => {
      const log = new HardwareLog();
      for (const line of stderr.split('\n')) log.add(line);
      if (error?.killed) resolve(`it does not answer within ${TRY_MS / 1000} s`);
      else resolve(error ? (log.problem ?? 'ffmpeg cannot open it') : null);
    });
  });
  return why === null
    ? { asked, used: decoder, problem: null }
    : { asked, used: 'none', problem: decodesInSoftware(decoder, why) };
}
