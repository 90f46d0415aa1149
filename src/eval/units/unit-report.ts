import type { SettledDevice } from '../../domain/device.js';
import type { SettledPrecision } from '../../domain/precision.js';
import type { Interval } from '../../statistics/intervals.js';
import type { ValidityCounts } from '../face-finder.js';
import type { AuSetName, PublishedMean, UnitChoice } from './au-sets.js';

/** Agreement with the coders on one unit. A number is null where it cannot be told (one class only, no degrees). */
export interface UnitScore {
  readonly unit: string;
  /** Mien's unit that answered; differs for closed eyes alone. */
  readonly readAs: string;
  /** Pictures in which it was coded, and those of them that show it. */
  readonly coded: number;
  readonly present: number;
  /** Coded pictures whose face was read. AUC, ICC and error are of them. */
  readonly read: number;
  readonly auc: number | null;
  readonly aucInterval: Interval | null;
  /** Presence of 0.5 or more against the coder; a picture whose face was not read claims nothing. */
  readonly f1: number;
  readonly f1Interval: Interval | null;
  readonly precision: number;
  readonly recall: number;
  /** Against the degrees, 0..5: ICC(3,1), and mean absolute error. */
  readonly icc: number | null;
  readonly meanAbsoluteError: number | null;
  /** Of the neutral pictures: those with the unit read as present. */
  readonly onNeutral: { readonly present: number; readonly share: number | null; readonly interval: Interval | null };
}

/** The mean of a paper's list of units. */
export interface PaperMean {
  readonly name: string;
  /** Units of the paper's list that the means are over: coded in this list. */
  readonly units: readonly string[];
  /** Of them, those that mien has no unit for. They count 0 in `f1`. */
  readonly notRead: readonly string[];
  /** Units of the paper's list that this list does not code. */
  readonly notCoded: readonly string[];
  /** Null where nothing of the paper's list is coded, or, in `f1OfRead`, read. */
  readonly f1: number | null;
  readonly f1OfRead: number | null;
  readonly f1OfReadInterval: Interval | null;
  readonly aucOfRead: number | null;
}

/** One unit of a set, as papers on it measure. */
export interface ProtocolUnit {
  readonly unit: string;
  /** Mean over the folds; of a unit that mien has none for, 0. */
  readonly f1: number;
  /** F1 in each fold that has pictures. */
  readonly folds: readonly number[];
  /** Whether mien has a unit for it. */
  readonly read: boolean;
}

/** The set's numbers by the papers' protocol. */
export interface Protocol {
  readonly title: string;
  readonly units: UnitChoice;
  /** Of the frames of each recording, evenly spread; null: all. */
  readonly sample: number | null;
  /** Folds by person that have pictures; 1 where the set is measured as a whole. */
  readonly folds: number;
  readonly perUnit: readonly ProtocolUnit[];
  readonly f1: number;
  readonly published: readonly PublishedMean[];
}

/** DIR/eval.json of `mien eval au-list` and `mien eval au` (docs/eval.md describes each field). */
export interface UnitsEvalReport {
  readonly schema: 'mien-eval-units/1';
  readonly mienVersion: string;
  readonly data: { readonly kind: 'au-list' | AuSetName; readonly list: string; readonly images: string };
  readonly model: {
    readonly id: string;
    readonly version: string;
    readonly device: SettledDevice;
    readonly precision: SettledPrecision;
  };
  readonly presentFrom: number;
  readonly hasDegrees: boolean;
  /** What the intervals draw: people, or pictures where the list names none. */
  readonly resampled: 'subjects' | 'images';
  readonly counts: {
    readonly images: number;
    readonly subjects: number | null;
    readonly found: number;
    readonly read: number;
    readonly validity: ValidityCounts;
    /** Read pictures on which every coded unit is absent. */
    readonly neutral: number;
  };
  readonly shares: { readonly found: number; readonly read: number };
  readonly units: readonly UnitScore[];
  /** Over the units that mien reads. */
  readonly means: { readonly auc: number | null; readonly f1: number | null; readonly icc: number | null };
  /** Coded units that mien has none for, with the pictures that show them. */
  readonly notRead: readonly { readonly unit: string; readonly present: number }[];
  readonly papers: readonly PaperMean[];
  /** Of `mien eval au`: the numbers as papers on the set report them. */
  readonly protocol: Protocol | null;
}
