import { SOUND_RATE, type SoundPiece } from '../domain/sound.js';

/** Samples that each step of the voice model adds, and those of the step before that it sees again. */
export const STEP_SAMPLES = 512;
const CONTEXT_SAMPLES = 64;
export const SEEN_SAMPLES = CONTEXT_SAMPLES + STEP_SAMPLES;
export const STEP_US = (STEP_SAMPLES / SOUND_RATE) * 1e6;

/** Sound may begin this much later than the sound before it ended, and still go on: packets of some files are dated roughly. */
const JOIN_US = 40_000;
const FULL_SCALE = 32_768;
/** What digital silence counts as, decibels of full scale. */
const SILENCE_DB = -80;

/** 32 ms of sound as the voice model takes them. */
export interface VoiceStep {
  /** Media time of the middle of its new samples. */
  readonly ptsUs: number;
  /** Its 512 samples after 64 of the step before, -1..1. */
  readonly samples: Float32Array;
  /** Of the new samples, decibels of full scale. */
  readonly loudness: number;
  /** Whether the sound before it is missing: nothing carries over. */
  readonly fresh: boolean;
}

/** Cuts sound into steps. Nothing is filled in: a gap ends a row of steps, and the next begins with the sound after it. */
export class StepCutter {
  #held = new Int16Array(0);
  /** Media time of the first sample held. */
  #heldUs = 0;
  /** Media time at which the sound so far ends; null before any. */
  #endUs: number | null = null;
  #context = new Float32Array(CONTEXT_SAMPLES);
  #fresh = true;

  /** The steps that are whole with this piece. What falls back behind the sound so far is left out. */
  push(piece: SoundPiece): VoiceStep[] {
    let { samples } = piece;
    let fromUs: number = piece.ptsUs;
    if (this.#endUs !== null && fromUs < this.#endUs - JOIN_US) {
      const behind = Math.round(((this.#endUs - fromUs) * SOUND_RATE) / 1e6);
      if (behind >= samples.length) return [];
      samples = samples.subarray(behind);
      fromUs = this.#endUs;
    }
    if (this.#endUs === null || fromUs > this.#endUs + JOIN_US) {
      this.#held = new Int16Array(0);
      this.#heldUs = fromUs;
      this.#endUs = fromUs;
      this.#context = new Float32Array(CONTEXT_SAMPLES);
      this.#fresh = true;
    }
    const held = new Int16Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    this.#endUs += (samples.length / SOUND_RATE) * 1e6;
    const steps: VoiceStep[] = [];
    let at = 0;
    for (; at + STEP_SAMPLES <= held.length; at += STEP_SAMPLES) steps.push(this.#step(held, at));
    this.#held = held.slice(at);
    this.#heldUs += (at / SOUND_RATE) * 1e6;
    return steps;
  }

  #step(held: Int16Array, at: number): VoiceStep {
    const samples = new Float32Array(SEEN_SAMPLES);
    samples.set(this.#context);
    let squares = 0;
    for (let i = 0; i < STEP_SAMPLES; i += 1) {
      const value = held[at + i]! / FULL_SCALE;
      samples[CONTEXT_SAMPLES + i] = value;
      squares += value * value;
    }
    this.#context = samples.slice(STEP_SAMPLES);
    const fresh = this.#fresh;
    this.#fresh = false;
    const ptsUs = this.#heldUs + ((at + STEP_SAMPLES / 2) / SOUND_RATE) * 1e6;
    const loudness = Math.max(SILENCE_DB, 10 * Math.log10(squares / STEP_SAMPLES + 1e-12));
    return { ptsUs, samples, loudness, fresh };
  }
}
