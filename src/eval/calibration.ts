import { type Outcome, topClass } from './metrics.js';

/** One bar of a reliability diagram; accuracy and confidence are null where the bin is empty. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly accuracy: number | null;
  readonly confidence: number | null;
}

export interface CalibrationMetrics {
  /** Expected calibration error (Guo et al. 2017) of the top probability, over equal-width bins. */
  readonly ece: number;
  /** Mean squared distance of the distribution from the truth, over all classes, 0..2 (Brier 1950). */
  readonly brier: number;
  /** Mean negative natural logarithm of the true class's probability. */
  readonly nll: number;
  readonly reliability: readonly ReliabilityBin[];
}

export interface AbstainPoint {
  /** Readings below this top probability are left out. */
  readonly threshold: number;
  /** Share of readings kept. */
  readonly coverage: number;
  /** Among those kept; null when none is. */
  readonly accuracy: number | null;
}

/** Smallest probability that counts, so that one sure mistake does not make the loss infinite (that of scikit-learn). */
const LEAST_PROBABILITY = Number.EPSILON;

interface Read {
  readonly truth: number;
  readonly probabilities: readonly number[];
  readonly top: number;
  readonly correct: boolean;
}

function readings(outcomes: readonly Outcome[]): Read[] {
  return outcomes.flatMap(({ truth, probabilities }) => {
    if (!probabilities) return [];
    const predicted = topClass(probabilities);
    return [{ truth, probabilities, top: probabilities[predicted]!, correct: predicted === truth }];
  });
}

/**
 * Calibration of the outcomes that have a reading; all 0 when there are none. Bins are open below and closed above,
 * as Guo et al. write them.
 */
export function calibrationMetrics(outcomes: readonly Outcome[], bins = 15): CalibrationMetrics {
  const read = readings(outcomes);
  const sums = Array.from({ length: bins }, () => ({ count: 0, correct: 0, confidence: 0 }));
  let brier = 0;
  let nll = 0;
  for (const { truth, probabilities, top, correct } of read) {
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(top * bins) - 1))]!;
    bin.count += 1;
    bin.correct += correct ? 1 : 0;
    bin.confidence += top;
    for (const [index, value] of probabilities.entries()) brier += (value - (index === truth ? 1 : 0)) ** 2;
    nll -= Math.log(Math.max(LEAST_PROBABILITY, probabilities[truth]!));
  }
  const total = Math.max(1, read.length);
  return {
    ece: sums.reduce((sum, { correct, confidence }) => sum + Math.abs(correct - confidence), 0) / total,
    brier: brier / total,
    nll: nll / total,
    reliability: sums.map(({ count, correct, confidence }, index) => ({
      from: index / bins,
      to: (index + 1) / bins,
      count,
      accuracy: count === 0 ? null : correct / count,
      confidence: count === 0 ? null : confidence / count,
    })),
  };
}

/** What abstaining buys: coverage and accuracy when only readings with a top probability of at least the threshold count. */
export function abstainCurve(outcomes: readonly Outcome[], thresholds: readonly number[]): AbstainPoint[] {
  const read = readings(outcomes);
  return thresholds.map((threshold) => {
    const kept = read.filter(({ top }) => top >= threshold);
    return {
      threshold,
      coverage: read.length === 0 ? 0 : kept.length / read.length,
      accuracy: kept.length === 0 ? null : kept.filter(({ correct }) => correct).length / kept.length,
    };
  });
}
