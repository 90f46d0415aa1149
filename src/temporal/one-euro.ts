import type { SmoothingOptions } from './options.js';

/** Filter state of one vector signal; plain data. `ptsUs` is null before the first sample. */
export interface OneEuroState {
  ptsUs: number | null;
  readonly value: Float64Array;
  readonly speed: Float64Array;
}

export type OneEuroOptions = Pick<SmoothingOptions, 'minCutoffHz' | 'beta' | 'derivativeCutoffHz'> & {
  readonly maxGapSeconds: number;
};

/** A filter for `size` independent components that has seen nothing. */
export function createOneEuro(size: number): OneEuroState {
  return { ptsUs: null, value: new Float64Array(size), speed: new Float64Array(size) };
}

/** Share of a new sample in a first-order low-pass of that cutoff after `dtSeconds`. */
function smoothingFactor(cutoffHz: number, dtSeconds: number): number {
  const tau = 1 / (2 * Math.PI * cutoffHz);
  return 1 / (1 + tau / dtSeconds);
}

/**
 * One Euro filter (Casiez et al. 2012) with the true interval between samples. Every component has its own speed
 * and cutoff. `weight` 0..1 scales the share of this sample (1 is the paper's filter). The first sample, and one
 * more than `maxGapSeconds` after the last, resets the filter to it; one that is not later changes nothing.
 * Returns true when the filter was reset; the filtered vector is `state.value`.
 */
export function stepOneEuro(
  state: OneEuroState,
  options: OneEuroOptions,
  sample: { readonly ptsUs: number; readonly values: ArrayLike<number>; readonly weight: number },
): boolean {
  const { value, speed } = state;
  const dtSeconds = state.ptsUs === null ? Number.POSITIVE_INFINITY : (sample.ptsUs - state.ptsUs) / 1e6;
  if (dtSeconds <= 0) return false;
  state.ptsUs = sample.ptsUs;
  if (dtSeconds > options.maxGapSeconds) {
    speed.fill(0);
    for (let k = 0; k < value.length; k += 1) value[k] = sample.values[k]!;
    return true;
  }
  const speedFactor = smoothingFactor(options.derivativeCutoffHz, dtSeconds);
  for (let k = 0; k < value.length; k += 1) {
    const step = sample.values[k]! - value[k]!;
    speed[k]! += speedFactor * (step / dtSeconds - speed[k]!);
    const cutoffHz = options.minCutoffHz + options.beta * Math.abs(speed[k]!);
    value[k]! += sample.weight * smoothingFactor(cutoffHz, dtSeconds) * step;
  }
  return false;
}
