import type { BaselineState } from '../domain/affect.js';
import { EMOTIONS } from '../domain/affect.js';
import { addSeconds, type Bins, quantileOf } from './histogram.js';
import type { BaselineOptions } from './options.js';

const BINS: Bins = { lowest: -12, width: 0.1, count: 160 };
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
  return { seconds: new Float64Array(MARGINS * BINS.count), totalSeconds: 0 };
}

/** Adds a valid reading that stood for `seconds`. */
export function observeBaseline(memory: BaselineMemory, logits: ArrayLike<number>, seconds: number): void {
  if (seconds <= 0) return;
  for (let k = 0; k < MARGINS; k += 1) {
    addSeconds(memory.seconds, BINS, { row: k, value: logits[k + 1]! - logits[0]!, seconds });
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
  return quantileOf(memory.seconds, BINS, { row: k, quantile, totalSeconds: memory.totalSeconds });
}

/** How humble a network may be before its margins count as an expression at rest, as a share of the population's. */
const LEAST_SURENESS = 0.5;

/**
 * How sure the network is of a face at rest: its margins over those of the population, the middle one of all classes, 0.5..1.
 * A temperature moves all margins alike, what a person shows at rest moves one or two.
 */
function surenessOf(margins: readonly number[], priors: readonly number[]): number {
  const shares = margins.map((margin, k) => margin / priors[k]!).sort((a, b) => a - b);
  return Math.min(1, Math.max(LEAST_SURENESS, shares[MARGINS >> 1]!));
}

/**
 * Logits minus the part of the resting expression that exceeds the population's, after OpenFace's online
 * calibration (low percentile of a running histogram as the person's neutral; Baltrusaitis et al. 2018). The
 * correction is never negative, at most `maxCorrection`, both in the measure of how sure the network is at rest, and grows from 0 when the warm-up ends (half after
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
  const { priorMargins, quantile, maxCorrection } = options;
  const priors = EMOTIONS.slice(1).map((name) => priorMargins[name as keyof typeof priorMargins]);
  const margins = priors.map((_, k) => restingMargin(memory, k, quantile));
  const sureness = surenessOf(margins, priors);
  for (const [k, prior] of priors.entries()) {
    const excess = margins[k]! - sureness * prior;
    corrected[k + 1]! -= trust * Math.min(sureness * maxCorrection, Math.max(0, excess));
  }
  return corrected;
}
