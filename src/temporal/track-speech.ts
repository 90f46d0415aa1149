import type { MissingReason } from '../domain/records.js';
import type { Probability } from '../domain/units.js';
import { type Activity, createActivity, stepActivity } from './activity.js';
import type { EndReason, EpisodeSample } from './episodes.js';
import type { EpisodeOptions, TemporalOptions } from './options.js';
import { createSignal, type EpisodeOutlet, endSignal, type SignalState, stepSignal } from './signal-episode.js';

/** Whether a face speaks in a frame, or why that is not known. */
export type SpeakingEvidence = { readonly speaking: Probability } | { readonly missing: MissingReason };

export interface SpeakingOutcome {
  readonly speaking: Probability | null;
  /** Why `speaking` is null. */
  readonly speakingMissing: MissingReason | null;
}

/** Turns of speech of one track; plain data. */
export interface SpeechTrack {
  /** Media time of the newest reading. */
  lastUs: number | null;
  readonly activity: Activity;
  readonly signal: SignalState;
  /** Frames since the probability last rose above where a turn begins: a turn begins with the first of them. */
  rising: EpisodeSample[];
}

export const createSpeechTrack = (): SpeechTrack => ({
  lastUs: null,
  activity: createActivity(),
  signal: createSignal('speech', 'speech'),
  rising: [],
});

/** One frame: the probability as it is read, and a turn where it holds. A frame without a reading changes nothing. */
export function stepSpeechTurns(
  track: SpeechTrack,
  options: TemporalOptions,
  step: { readonly ptsUs: number; readonly evidence: SpeakingEvidence | undefined; readonly outlet: EpisodeOutlet },
): SpeakingOutcome {
  const { ptsUs, evidence = { missing: 'no-sound' } as const, outlet } = step;
  if ('missing' in evidence) return { speaking: null, speakingMissing: evidence.missing };
  const { speaking } = evidence;
  const { enter, leave, enterHoldSeconds, leaveHoldSeconds } = options.speech;
  const elapsed = track.lastUs === null ? 0 : (ptsUs - track.lastUs) / 1e6;
  const seconds = elapsed > options.maxGapSeconds ? 0 : Math.min(elapsed, options.maxStepSeconds);
  track.lastUs = ptsUs;
  const active = stepActivity(
    track.activity,
    {
      enterPresence: enter,
      leavePresence: leave,
      enterIntensity: 0,
      leaveIntensity: 0,
      enterHoldSeconds,
      leaveHoldSeconds,
    },
    { dtSeconds: seconds, presence: speaking, intensity: 0 },
  );
  const reading = { ptsUs, seconds, value: speaking, confidence: speaking };
  track.rising = speaking >= enter && !active ? [...track.rising, reading] : active ? track.rising : [];
  const rise = (): readonly EpisodeSample[] => [...track.rising, reading];
  const sample = { ...reading, active, fallBelow: leave, maxBackdateSeconds: options.maxGapSeconds, rise };
  stepSignal(track.signal, turnOptions(options), { sample, outlet });
  if (active) track.rising = [];
  return { speaking, speakingMissing: null };
}

const turnOptions = ({ episodes, speech }: TemporalOptions): EpisodeOptions => ({
  ...episodes,
  mergeGapSeconds: speech.mergeGapSeconds,
  minSeconds: speech.minSeconds,
});

/** Ends the turn of a track that has not been read for longer than the allowed gap. */
export function checkSpeechGap(
  track: SpeechTrack,
  options: TemporalOptions,
  now: { readonly nowUs: number; readonly outlet: EpisodeOutlet },
): void {
  if (track.lastUs === null || now.nowUs - track.lastUs <= options.maxGapSeconds * 1e6) return;
  endSpeech(track, options, { reason: 'face-lost', outlet: now.outlet });
}

export function endSpeech(
  track: SpeechTrack,
  options: TemporalOptions,
  end: { readonly reason: EndReason; readonly outlet: EpisodeOutlet },
): void {
  Object.assign(track.activity, createActivity());
  track.rising = [];
  endSignal(track.signal, turnOptions(options), end);
}
