import { baselineState } from './baseline.js';
import type { ActionUnitOptions, BaselineOptions } from './options.js';

const BIN_WIDTH = 0.1;
const BINS = 50;

/** How long each action unit of a track was seen at each intensity: one histogram per unit, in seconds. Plain data. */
export interface RestingMemory {
  readonly seconds: Float64Array;
  totalSeconds: number;
}

export function createResting(units: number): RestingMemory {
  return { seconds: new Float64Array(units * BINS), totalSeconds: 0 };
}

/** Adds a reading (intensities 0..5) that stood for `seconds`. */
export function observeResting(memory: RestingMemory, intensities: ArrayLike<number>, seconds: number): void {
  if (seconds <= 0) return;
  for (let unit = 0; unit < intensities.length; unit += 1) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(intensities[unit]! / BIN_WIDTH)));
    memory.seconds[unit * BINS + bin]! += seconds;
  }
  memory.totalSeconds += seconds;
}

/** Low quantile of a unit's intensity, interpolated within its bin; under the first bin it is 0. */
export function restingIntensity(memory: RestingMemory, unit: number, quantile: number): number {
  const wanted = quantile * memory.totalSeconds;
  let below = memory.seconds[unit * BINS]!;
  if (below >= wanted) return 0;
  for (let bin = 1; bin < BINS; bin += 1) {
    const here = memory.seconds[unit * BINS + bin]!;
    if (here > 0 && below + here >= wanted) return BIN_WIDTH * (bin + (wanted - below) / here);
    below += here;
  }
  return BIN_WIDTH * BINS;
}

/**
 * Intensities minus the person's resting ones (low quantile, as OpenFace calibrates its intensities; Baltrusaitis et
 * al. 2018), never below 0 and at most `maxRestingIntensity` less. The correction grows from 0 when the warm-up ends,
 * as for emotions. Null while warming up, or switched off.
 */
export function baselinedIntensities(
  memory: RestingMemory,
  options: { readonly baseline: BaselineOptions | null; readonly actionUnits: ActionUnitOptions },
  intensities: ArrayLike<number>,
): number[] | null {
  const { baseline, actionUnits } = options;
  if (baseline === null || baselineState(memory, baseline).status !== 'ready') return null;
  const beyond = memory.totalSeconds - baseline.warmUpSeconds;
  const trust = beyond / (beyond + baseline.shrinkSeconds);
  return Array.from(intensities, (intensity, unit) => {
    const resting = Math.min(actionUnits.maxRestingIntensity, restingIntensity(memory, unit, baseline.quantile));
    return Math.max(0, intensity - trust * resting);
  });
}
