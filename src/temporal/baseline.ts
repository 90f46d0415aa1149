import type { BaselineState } from '../domain/affect.js';
import { EMOTIONS } from '../domain/affect.js';
import type { BaselineOptions } from './options.js';

const BIN_WIDTH = 0.1;
const LOWEST = -12;
const BINS = 160;
const MARGINS = EMOTIONS.length - 1;

/**
 * What has been seen of a track's margins m_k = z_k - z_neutral: one histogram per non-neutral class, in seconds.
 * Plain data; rows follow EMOTIONS without neutral, which is its first entry.
 */
export interface BaselineMemory {
  readonly seconds: Float64Array;
  totalSeconds: number;
}

export function createBaseline(): BaselineMemory {
  return { seconds: new Float64Array(MARGINS * BINS), totalSeconds: 0 };
}

/** Adds a valid reading that stood for `seconds`: time, not frames, weighs, so the frame rate does not matter. */
export function observeBaseline(memory: BaselineMemory, logits: ArrayLike<number>, seconds: number): void {
  if (seconds <= 0) return;
  for (let k = 0; k < MARGINS; k += 1) {
    const bin = Math.floor((logits[k + 1]! - logits[0]! - LOWEST) / BIN_WIDTH);
    memory.seconds[k * BINS + Math.min(BINS - 1, Math.max(0, bin))]! += seconds;
  }
  memory.totalSeconds += seconds;
}

/** Warm-up state for the record. */
export function baselineState(
  memory: { readonly totalSeconds: number },
  options: BaselineOptions | null,
): BaselineState {
  if (options === null) return { status: 'off', progress: 0 };
  const progress = options.warmUpSeconds === 0 ? 1 : Math.min(1, memory.totalSeconds / options.warmUpSeconds);
  return { status: progress >= 1 ? 'ready' : 'warming', progress };
}

/** Low quantile of margin k (0 = EMOTIONS[1]), interpolated within its bin. */
export function restingMargin(memory: BaselineMemory, k: number, quantile: number): number {
  const wanted = quantile * memory.totalSeconds;
  let below = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const here = memory.seconds[k * BINS + bin]!;
    if (here > 0 && below + here >= wanted) return LOWEST + BIN_WIDTH * (bin + (wanted - below) / here);
    below += here;
  }
  return LOWEST + BIN_WIDTH * BINS;
}

/**
 * Logits minus the part of the resting expression that exceeds the population's, after OpenFace's online
 * calibration (low percentile of a running histogram as the person's neutral; Baltrusaitis et al. 2018). The
 * correction is never negative, at most `maxCorrection`, and grows from 0 when the warm-up ends (half after
 * `shrinkSeconds`), so it never jumps. Null while warming up. Someone who never shows neutral is corrected for a
 * true expression: `baselined` is therefore reported beside `raw`, and the stage can be switched off.
 */
export function baselinedLogits(
  memory: BaselineMemory,
  options: BaselineOptions | null,
  logits: ArrayLike<number>,
): number[] | null {
  if (options === null || baselineState(memory, options).status !== 'ready') return null;
  const beyond = memory.totalSeconds - options.warmUpSeconds;
  const trust = beyond / (beyond + options.shrinkSeconds);
  const corrected = Array.from(logits);
  for (let k = 0; k < MARGINS; k += 1) {
    const prior = options.priorMargins[EMOTIONS[k + 1] as Exclude<(typeof EMOTIONS)[number], 'neutral'>];
    const excess = restingMargin(memory, k, options.quantile) - prior;
    corrected[k + 1]! -= trust * Math.min(options.maxCorrection, Math.max(0, excess));
  }
  return corrected;
}
