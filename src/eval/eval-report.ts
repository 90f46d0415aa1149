import type { SettledDevice } from '../domain/device.js';
import type { AbstainPoint, CalibrationMetrics } from './calibration.js';
import type { ValidityCounts } from './face-finder.js';
import type { ClassificationMetrics } from './metrics.js';

/** Time of the trained network alone, measured on the machine that ran the evaluation. */
export interface SpeedReport {
  readonly batch: number;
  readonly threads: 1;
  /** Median over the timed runs, with the way into the lane and back. */
  readonly msPerFace: number;
  readonly imagesPerSecond: number;
  readonly timedRuns: number;
}

/** Of one value of one degradation. */
export interface RobustnessPoint {
  readonly value: number;
  readonly accuracy: number;
  readonly macroF1: number;
}

export interface RobustnessSeries {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly unchanged: number | null;
  readonly points: readonly RobustnessPoint[];
}

/** DIR/eval.json (docs/eval.md describes each field). */
export interface EvalReport {
  readonly schema: 'mien-eval/1';
  readonly mienVersion: string;
  /** What was measured, in words: list and images as they were given. */
  readonly data: {
    readonly kind: string;
    readonly list: string;
    readonly images: string;
    readonly split: string | null;
  };
  readonly model: {
    readonly id: string;
    readonly version: string;
    readonly sha256: string;
    readonly weightsBytes: number;
    readonly cropPx: number;
    /** What ran it. */
    readonly device: SettledDevice;
    readonly flip: boolean;
    /** True when the network takes a face mesh that was not given (zeros). */
    readonly landmarksZero: boolean;
  };
  readonly labels: readonly string[];
  readonly counts: {
    readonly images: number;
    readonly read: number;
    readonly noFace: number;
    /** With --align: how the product judges the faces; null without. */
    readonly validity: ValidityCounts | null;
    /** With --align: faces found only after a margin was added around the picture. */
    readonly foundWithMargin: number | null;
  };
  readonly shares: { readonly read: number; readonly noFace: number };
  /** Over all images; one without a face counts as wrong. */
  readonly metrics: ClassificationMetrics;
  /** Over images with a face. */
  readonly accuracyOfRead: number;
  readonly calibration: CalibrationMetrics;
  readonly abstain: {
    readonly curve: readonly AbstainPoint[];
    /** At the threshold of the model's manifest. */
    readonly shipped: AbstainPoint;
  };
  /** Null when no image showed a face. */
  readonly speed: SpeedReport | null;
  readonly robustness: readonly RobustnessSeries[] | null;
}
