import type { SourceEnd, SourceEndReason } from '../../domain/live.js';
import { EXIT_ON_SIGNAL, type FfmpegExit } from '../ffmpeg-process.js';
import { plainWords } from '../plain-words.js';
import type { LiveLog, LogVerdict } from './live-log.js';
import type { Trouble } from './stream-kind.js';

/** Facts of a live ffmpeg run that is over. */
export interface LiveRunFacts {
  /** What a complaint of ffmpeg means for this kind of camera. */
  readonly explain: (said: string) => Trouble | null;
  /** Redacted address, to name the camera in the message. */
  readonly address: string;
  /** We were asked to stop. */
  readonly stopped: boolean;
  readonly sizeChanged: boolean;
  /** Silence in ms after which we ended it, or null. */
  readonly stalledMs: number | null;
  /** How much of that, before the first picture, ffmpeg had no processor; null when it is not known. */
  readonly starvedMs: number | null;
  readonly exit: FfmpegExit;
  readonly log: Pick<LiveLog, 'verdict' | 'lastError' | 'hasNoVideo'>;
  /** Why the stream from ffmpeg could not be read any further, or null. */
  readonly streamProblem: string | null;
  readonly frames: number;
}

/** For complaints that have no words of their own. */
const VERDICT_WORDS: Readonly<Record<LogVerdict, string>> = {
  unauthorised: 'it refuses the user or password',
  'not-found': 'it has nothing under this name',
  unusable: 'this ffmpeg cannot play this kind of input',
  unreachable: 'it cannot be reached',
  undecodable: 'what it sends cannot be read as video',
};

/** From this share of the silence on, the machine is told of and not only the camera. */
const STARVED_FROM = 0.3;

function starvation(starvedMs: number | null, stalledMs: number): string {
  if (starvedMs === null || starvedMs < STARVED_FROM * stalledMs) return '';
  return `, of which ffmpeg waited ${(starvedMs / 1000).toFixed(1)} s for a processor: this machine has too much to do`;
}

/** Pure: how a live ffmpeg run ended. Every exit of a live source is an end, also a clean one. */
export function judgeEnd(facts: LiveRunFacts): SourceEnd {
  const { address, exit, log, frames } = facts;
  const end = (reason: SourceEndReason, words: string): SourceEnd => ({ reason, message: `${address}: ${words}` });
  const because = log.lastError === undefined ? '' : `: ${plainWords(log.lastError, 'its data cannot be read')}`;
  if (facts.stopped) return end('stopped', 'stopped');
  if (facts.sizeChanged) return end('size-changed', 'the picture size changed');
  if (exit.spawnError !== null) return end('unusable', `ffmpeg cannot be started (${exit.spawnError})`);
  if (frames === 0 && log.hasNoVideo) {
    return end('undecodable', 'there is no video stream, only other media: give the address of the video');
  }
  if (facts.stalledMs !== null) {
    const seconds = `${facts.stalledMs / 1000} s`;
    if (frames === 0 && log.verdict?.reason === 'undecodable')
      return end('undecodable', `no picture within ${seconds}${because}`);
    if (frames > 0) return end('stalled', `no new picture for ${seconds}`);
    return end('stalled', `no picture within ${seconds}${starvation(facts.starvedMs, facts.stalledMs)}`);
  }
  if (exit.signal !== null) return end('decoder-died', `ffmpeg was killed (${exit.signal})`);
  if (exit.code === EXIT_ON_SIGNAL) return end('decoder-died', 'ffmpeg was stopped from outside');
  if (facts.streamProblem !== null) return end('decoder-died', 'what ffmpeg sent makes no sense');
  // A picture was seen, so what the log complains of is why the connection broke off, not why it failed to open.
  if (frames > 0) return end('ended', `the stream ended${because}`);
  const known = facts.explain(log.lastError ?? '');
  if (known) return end(known.reason, known.problem);
  if (log.verdict) return end(log.verdict.reason, plainWords(log.verdict.line, VERDICT_WORDS[log.verdict.reason]));
  if (exit.code === 0) return end('ended', 'the stream ended before its first picture');
  return end('undecodable', `ffmpeg gave up${because}`);
}
