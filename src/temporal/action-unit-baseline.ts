import type { ActionUnitEvidence } from '../domain/affect.js';
import { baselineState } from './baseline.js';
import { addSeconds, type Bins, quantileOf } from './histogram.js';
import type { ActionUnitOptions, BaselineOptions } from './options.js';

const LOGITS: Bins = { lowest: -8, width: 0.2, count: 80 };
const DEGREES: Bins = { lowest: 0, width: 5 / 80, count: 80 };

/** What a track's action units have shown at rest; plain data. Rows are presence logits of all units, then intensities. */
export interface RestingMemory {
  /** Seconds at rest by value: one histogram per row. */
  readonly seconds: Float64Array;
  /** What counts as the person's rest now: one value per row. */
  readonly rest: Float64Array;
  /** Seconds of rest in which each unit was seen: while something covers it nothing is learned of it. */
  readonly seenSeconds: Float64Array;
  /** Seconds of rest seen. */
  totalSeconds: number;
}

interface RestingOptions {
  readonly baseline: BaselineOptions | null;
  readonly actionUnits: ActionUnitOptions;
}

export function createResting(units: number): RestingMemory {
  return {
    seconds: new Float64Array(2 * units * LOGITS.count),
    rest: new Float64Array(2 * units),
    seenSeconds: new Float64Array(units),
    totalSeconds: 0,
  };
}

/**
 * Adds a reading that counts as `seconds` of rest, of units that nothing covers. The quantile of all that was seen is the person's rest: after
 * `settleSeconds` a lower one is believed at once (the face was not at rest before), a higher one with `riseSeconds`.
 */
export function observeResting(
  memory: RestingMemory,
  options: RestingOptions,
  step: { readonly evidence: ActionUnitEvidence; readonly seconds: number; readonly covered?: readonly boolean[] },
): void {
  const { evidence, seconds, covered } = step;
  const { baseline, actionUnits } = options;
  if (baseline === null || seconds <= 0) return;
  const units = evidence.intensities.length;
  memory.totalSeconds += seconds;
  for (let row = 0; row < 2 * units; row += 1) {
    const unit = row % units;
    if (covered?.[unit]) continue;
    const settled = memory.seenSeconds[unit]! >= actionUnits.settleSeconds;
    const totalSeconds = memory.seenSeconds[unit]! + seconds;
    if (row >= units) memory.seenSeconds[unit] = totalSeconds;
    const bins = row < units ? LOGITS : DEGREES;
    const value = row < units ? evidence.presenceLogits[row]! : evidence.intensities[row - units]!;
    addSeconds(memory.seconds, bins, { row, value, seconds });
    const seen = quantileOf(memory.seconds, bins, { row, quantile: actionUnits.restQuantile, totalSeconds });
    const gap = seen - memory.rest[row]!;
    memory.rest[row]! += settled && gap > 0 ? gap * Math.min(1, seconds / actionUnits.riseSeconds) : gap;
  }
}

/**
 * The reading relative to the person's rest (as OpenFace calibrates its intensities; Baltrusaitis et al. 2018): off
 * intensities the resting one, never below 0; off presence logits what rest has above `restingLogit`. Neither takes off
 * more than its bound. The correction grows from 0 when the warm-up ends, half after `restShrinkSeconds` more of rest.
 * Null while warming up, or switched off.
 */
export function relativeToRest(
  memory: RestingMemory,
  options: RestingOptions,
  evidence: ActionUnitEvidence,
): ActionUnitEvidence | null {
  const { baseline, actionUnits } = options;
  if (baseline === null || baselineState(memory, baseline).status !== 'ready') return null;
  const { restingLogit, maxRestingLogit, maxRestingIntensity, restShrinkSeconds } = actionUnits;
  const trustOf = (unit: number): number => {
    const beyond = Math.max(0, memory.seenSeconds[unit]! - baseline.warmUpSeconds);
    return beyond / (beyond + restShrinkSeconds);
  };
  const units = evidence.intensities.length;
  return {
    presenceLogits: evidence.presenceLogits.map((logit, unit) => {
      const excess = Math.max(0, memory.rest[unit]! - restingLogit);
      return logit - trustOf(unit) * Math.min(maxRestingLogit, excess);
    }),
    intensities: evidence.intensities.map((intensity, unit) =>
      Math.max(0, intensity - trustOf(unit) * Math.min(maxRestingIntensity, memory.rest[units + unit]!)),
    ),
  };
}
