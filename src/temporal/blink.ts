import type { EyeOpenness, HeadPose, Validity } from '../domain/face.js';
import type { BlinkOptions } from './options.js';

/** Eye state of one track; plain data. Levels are null before the first reading. */
export interface BlinkState {
  levelLeft: number | null;
  levelRight: number | null;
  closed: boolean;
  /** Newest reading: media time and relative opening. */
  lastUs: number | null;
  lastOpening: number;
}

export interface EyeSample {
  readonly ptsUs: number;
  /** Null without a mesh, as pose is. */
  readonly eyes: EyeOpenness | null;
  readonly pose: Pick<HeadPose, 'yaw' | 'pitch'> | null;
  readonly validity: Validity;
}

/** What the eyes do at one sample. */
export interface EyeReading {
  readonly closed: boolean;
  /** Opening relative to the person's own open level: 0 closed, about 1 open. */
  readonly opening: number;
  /** How much the eyes that were read agree, 0..1; 1 for one eye. */
  readonly agreement: number;
  /** When the opening crossed the threshold, interpolated between samples; null without a change. */
  readonly crossedUs: number | null;
}

export function createBlink(): BlinkState {
  return { levelLeft: null, levelRight: null, closed: false, lastUs: null, lastOpening: 1 };
}

/**
 * Reads the eyes: relative opening, then two thresholds with hysteresis. The open level of each eye rises fast
 * and falls slowly, so that narrow eyes and a slow nod are followed and a blink is not. Null when the face is
 * not valid or the head is turned too far; turned somewhat, only the near eye counts (yaw > 0: the left one).
 */
export function readEyes(state: BlinkState, options: BlinkOptions, sample: EyeSample): EyeReading | null {
  if (sample.pose === null || sample.eyes === null) return null;
  const { yaw, pitch } = sample.pose;
  const { left, right } = sample.eyes;
  const readable =
    sample.validity === 'ok' &&
    Math.abs(yaw) <= options.maxYawRadians &&
    pitch <= options.maxPitchUpRadians &&
    pitch >= -options.maxPitchDownRadians &&
    Number.isFinite(left) &&
    Number.isFinite(right);
  if (!readable || (state.lastUs !== null && sample.ptsUs <= state.lastUs)) return null;

  const clampLevel = (level: number) => Math.min(options.maxLevel, Math.max(options.minLevel, level));
  state.levelLeft ??= clampLevel(left);
  state.levelRight ??= clampLevel(right);
  const relativeLeft = left / state.levelLeft;
  const relativeRight = right / state.levelRight;
  const both = Math.abs(yaw) <= options.bothEyesYawRadians;
  const opening = both ? (relativeLeft + relativeRight) / 2 : yaw > 0 ? relativeLeft : relativeRight;
  const mostOpen = both ? Math.max(relativeLeft, relativeRight) : opening;

  const wasClosed = state.closed;
  if (wasClosed) state.closed = opening <= options.openAbove;
  else state.closed = opening < options.closeBelow && mostOpen < options.otherEyeBelow;

  const seconds = state.lastUs === null ? 0 : (sample.ptsUs - state.lastUs) / 1e6;
  const follow = (level: number, value: number) => {
    const fall = state.closed ? options.levelFallClosedSeconds : options.levelFallSeconds;
    const tau = value > level ? options.levelRiseSeconds : fall;
    return clampLevel(level + (value - level) * (1 - Math.exp(-seconds / tau)));
  };
  state.levelLeft = follow(state.levelLeft, left);
  state.levelRight = follow(state.levelRight, right);

  let crossedUs: number | null = null;
  if (state.closed !== wasClosed) {
    const level = wasClosed ? options.openAbove : options.closeBelow;
    const way = (level - state.lastOpening) / (opening - state.lastOpening);
    const usable = seconds > 0 && seconds <= options.maxGapSeconds && way >= 0 && way <= 1;
    crossedUs = usable ? state.lastUs! + way * (sample.ptsUs - state.lastUs!) : sample.ptsUs;
  }
  state.lastUs = sample.ptsUs;
  state.lastOpening = opening;
  const agreement = both ? Math.max(0, 1 - Math.abs(relativeLeft - relativeRight)) : 1;
  return { closed: state.closed, opening, agreement, crossedUs };
}

/** Forgets an unfinished closure, keeps the open level: after a gap nobody knows whether the eyes opened. */
export function forgetClosure(state: BlinkState): void {
  state.closed = false;
  state.lastUs = null;
  state.lastOpening = 1;
}
