import type { Micros, Probability } from './units.js';

/** FER+ order (Barsoum et al. 2016). A model's own order lives in its manifest and is mapped to this one. */
export const EMOTIONS = [
  'neutral',
  'happiness',
  'surprise',
  'sadness',
  'anger',
  'disgust',
  'fear',
  'contempt',
] as const;
/** One of `EMOTIONS`. */
export type Emotion = (typeof EMOTIONS)[number];

/** Probabilities over EMOTIONS, same order; they sum to 1. */
export type EmotionDistribution = readonly number[];

/** Valence (unpleasant -1 .. pleasant 1) and arousal (calm -1 .. excited 1). */
export interface ValenceArousal {
  readonly valence: number;
  readonly arousal: number;
}

/** Action units of one face at one time, in the order of the model's `labels.actionUnits`. */
export interface ActionUnitEvidence {
  /** Calibrated logits: the logistic function gives the probability that the movement is present. */
  readonly presenceLogits: readonly number[];
  /** 0 absent .. 5 maximum (the FACS degrees A..E as 1..5, continuous). */
  readonly intensities: readonly number[];
}

/** Evidence on one face at one media time, before smoothing. */
export interface AffectEvidence {
  readonly origin: 'onnx' | 'mllm';
  readonly ptsUs: Micros;
  readonly trackId: number;
  /** Calibrated logits over EMOTIONS (temperature and bias already applied): softmax gives probabilities. */
  readonly emotionLogits: readonly number[];
  /** Null when the model reads no action units. */
  readonly actionUnits: ActionUnitEvidence | null;
  /** 0..1: how much this evidence counts; 1 for a valid face read by mien-affect. */
  readonly weight: Probability;
}

/** One quantity in its three stages: as the model said, minus the person's resting face, filtered over time. */
export interface Staged<T> {
  readonly raw: T;
  /** Null until the track's baseline is ready, or when it is disabled. */
  readonly baselined: T | null;
  readonly smoothed: T;
}

/** Readiness of a track's neutral baseline. */
export interface BaselineState {
  readonly status: 'warming' | 'ready' | 'off';
  /** 0..1 of the evidence that the warm-up needs. */
  readonly progress: number;
}

/** Reading of one action unit. Presence is a probability, intensity a 0..5 degree; neither replaces the other. */
export interface ActionUnitReading {
  readonly presence: Staged<number> | null;
  readonly intensity: Staged<number> | null;
  readonly active: boolean | null;
}

/** What the temporal stage says about a track at one frame. */
export interface AffectState {
  readonly trackId: number;
  readonly ptsUs: Micros;
  readonly emotions: Staged<EmotionDistribution>;
  readonly valenceArousal: Staged<ValenceArousal>;
  /** The emotion in force after hysteresis; null when none has been held long enough. */
  readonly label: Emotion | null;
  /** Smoothed probability of `label`. */
  readonly confidence: number | null;
  /** How much late evidence of a multimodal LLM is in `emotions.smoothed`: weight times decay, summed; left out without any. */
  readonly mllmWeight?: number;
  readonly baseline: BaselineState;
}
