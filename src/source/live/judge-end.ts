import type { SourceEnd, SourceEndReason } from '../../domain/live.js';
import { EXIT_ON_SIGNAL, type FfmpegExit } from '../ffmpeg-process.js';
import type { StreamInput } from './live-arguments.js';
import type { LiveLog } from './live-log.js';

/** Facts of a live ffmpeg run that is over. */
export interface LiveRunFacts {
  readonly inputType: StreamInput['type'];
  /** Redacted address, to name the camera in the message. */
  readonly address: string;
  /** We were asked to stop. */
  readonly stopped: boolean;
  readonly sizeChanged: boolean;
  /** Silence in ms after which we ended it, or null. */
  readonly stalledMs: number | null;
  readonly exit: FfmpegExit;
  readonly log: Pick<LiveLog, 'verdict' | 'lastError' | 'hasNoVideo'>;
  /** Why the stream from ffmpeg could not be read any further, or null. */
  readonly streamProblem: string | null;
  readonly frames: number;
}

/** Pure: how a live ffmpeg run ended. Every exit of a live source is an end, also a clean one. */
export function judgeEnd(facts: LiveRunFacts): SourceEnd {
  const { address, exit, log, frames } = facts;
  // ffmpeg's own words begin with the address, too.
  const end = (reason: SourceEndReason, message: string): SourceEnd => ({
    reason,
    message: message.startsWith(`${address}: `) ? message : `${address}: ${message}`,
  });
  const because = log.lastError === undefined ? '' : ` (${log.lastError})`;
  if (facts.stopped) return end('stopped', 'stopped');
  if (facts.sizeChanged) return end('size-changed', 'the picture changed its size');
  if (exit.spawnError !== null) return end('unusable', `ffmpeg cannot be started (${exit.spawnError})`);
  if (frames === 0 && log.hasNoVideo) {
    return end('undecodable', 'there is no video stream, only other media: give the address of the video');
  }
  if (facts.stalledMs !== null) {
    const seconds = `${facts.stalledMs / 1000} s`;
    if (frames === 0 && log.verdict?.reason === 'undecodable')
      return end('undecodable', `no picture within ${seconds}${because}`);
    return end('stalled', frames === 0 ? `no picture within ${seconds}` : `no new picture for ${seconds}`);
  }
  if (exit.signal !== null) return end('decoder-died', `ffmpeg was killed (${exit.signal})`);
  if (exit.code === EXIT_ON_SIGNAL) return end('decoder-died', 'ffmpeg was stopped from outside');
  if (facts.streamProblem !== null) return end('decoder-died', `ffmpeg sent nonsense (${facts.streamProblem})`);
  // A picture was seen, so what the log complains of is why the connection broke off, not why it failed to open.
  if (frames > 0) return end('ended', `the stream ended${because}`);
  const device = facts.inputType === 'webcam' ? deviceProblem(log.lastError ?? '') : undefined;
  if (device) return end(device.reason, device.message);
  if (log.verdict) return end(log.verdict.reason, log.verdict.line);
  if (exit.code === 0) return end('ended', 'the stream ended before its first picture');
  return end('undecodable', `ffmpeg failed with code ${exit.code}${because}`);
}

function deviceProblem(said: string): SourceEnd | undefined {
  if (/permission denied|operation not permitted/i.test(said)) {
    return { reason: 'unauthorised', message: 'this user may not open the device; add it to the group "video"' };
  }
  if (/no such (file|device)|could not find|cannot open video device/i.test(said)) {
    // It may be plugged in later, or not be ready yet when the machine starts.
    return { reason: 'not-found', message: 'there is no such device; plug it in, or correct its name' };
  }
  return undefined;
}
