import type { Interval } from '../../statistics/intervals.js';
import type { ValidityCounts } from '../face-finder.js';
import type { Still } from '../still-models.js';

/** Angles between what is read and the truth, degrees; null of none. */
export interface AngleError {
  /** Pictures with a truth and a reading. */
  readonly count: number;
  readonly mean: number | null;
  /** 95 %, over people or pictures. */
  readonly interval: Interval | null;
  readonly median: number | null;
  /** 95th percentile. */
  readonly worst: number | null;
}

/** How well some of the pictures are read. */
export interface GazeScore {
  readonly group: string;
  readonly images: number;
  readonly read: number;
  readonly both: AngleError;
  /** The subject's eyes. */
  readonly right: AngleError;
  readonly left: AngleError;
  /** Mean of what is read less the truth, degrees; yaw is positive to the left of the image, pitch up. Null of none. */
  readonly bias: { readonly yaw: number; readonly pitch: number } | null;
}

/** DIR/eval.json of `mien eval gaze` (docs/eval.md describes each field). */
export interface GazeEvalReport {
  readonly schema: 'mien-eval-gaze/1';
  readonly mienVersion: string;
  readonly data: { readonly kind: 'gaze'; readonly list: string; readonly images: string };
  readonly model: Still['model'] & Pick<Still, 'device' | 'precision'>;
  readonly counts: {
    readonly images: number;
    /** Null when intervals are over images. */
    readonly subjects: number | null;
    readonly found: number;
    readonly read: number;
    readonly validity: ValidityCounts;
    /** Why found faces have no gaze, by reason. */
    readonly missing: Readonly<Record<string, number>>;
  };
  /** Where the turn of each head is from: the list, or what mien measures. */
  readonly headYaw: 'list' | 'measured';
  /** Heads turned by at most 30 degrees: what the aim is about. */
  readonly within30: GazeScore;
  readonly all: GazeScore;
  /** By the turn of the head, then by the list's columns; those of columns are within 30 degrees. */
  readonly divisions: readonly { readonly by: string; readonly groups: readonly GazeScore[] }[];
  /** Looking at the camera: within five degrees. Null of none. */
  readonly contact: {
    readonly count: number;
    readonly looking: number;
    /** Said by a probability of one half or more, and true, or neither. */
    readonly accuracy: number;
    /** Mean squared distance of the probability from 0 or 1. */
    readonly brier: number;
  } | null;
}
