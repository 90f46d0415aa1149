import type { Micros } from './units.js';

/** Samples a second of all sound that mien listens to. */
export const SOUND_RATE = 16_000;

/** A stretch of sound without a gap: mono, 16 bit. */
export interface SoundPiece {
  /** Media time of its first sample, on the clock of the frames beside it. */
  readonly ptsUs: Micros;
  readonly samples: Int16Array;
}

/** The sound of a recorded video. Pull-driven: it decodes a few seconds ahead of who takes its pieces. */
export interface SoundSource {
  /** What there was to choose from, one line; null where there was nothing. */
  readonly choice: string | null;
  /** What was noticed on the way, one line each; complete once it has ended. */
  readonly notes: readonly string[];
  /** All of it in order. What cannot be decoded ends it early, with a note: a picture can be read without its sound. Throws INTERRUPTED where somebody else ends ffmpeg. */
  pieces(signal: AbortSignal): AsyncGenerator<SoundPiece, void, void>;
}

/** Which sound of a file is listened to: a stream by its number from 0, the one that players choose, or none. */
export type SoundChoice = number | 'auto' | 'none';

/** What is heard around one moment. */
export interface VoiceMoment {
  /** Probability that somebody's voice is heard, 0..1; short pauses between words count as voice. */
  readonly probability: number;
  /** How loud it is at each of `LOUDNESS_LAGS_SECONDS` after the moment, decibels of full scale. */
  readonly loudness: readonly number[];
}

/** How much later than the mouth moves its sound may be heard: a mouth is in place before the sound, and sound is recorded late. */
export const LOUDNESS_LAGS_SECONDS = [0, 0.08, 0.16] as const;

/** The voice in the sound of one source. */
export interface VoiceTrack {
  /** What was noticed of the sound, one line each; complete once it has ended. */
  readonly notes: readonly string[];
  /** What is heard around a media time; null where the sound has not begun, has a gap or has ended. Times must rise; answers may be awaited together. */
  around(ptsUs: Micros): Promise<VoiceMoment | null>;
  /** Ends the decoder, once nobody asks any more. Idempotent. */
  end(): Promise<void>;
}
