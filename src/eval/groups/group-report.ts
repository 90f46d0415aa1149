import type { SettledDevice } from '../../domain/device.js';
import type { SettledPrecision } from '../../domain/precision.js';
import type { Share } from '../../statistics/intervals.js';
import type { ValidityCounts } from '../face-finder.js';

/** What mien says of the pictures of one group. */
export interface GroupScore {
  readonly group: string;
  readonly images: number;
  /** A face was found; it was read, that is, emotions and action units are told. Of all images. */
  readonly found: Share;
  readonly read: Share;
  /** How the product judges the images; `ok` are those read. */
  readonly validity: ValidityCounts;
  /** Right among all images; one that is not read counts as wrong. Null without labels. */
  readonly right: Share | null;
  /** Mean probability of each emotion, in the order of `emotions`, and images where it is the most probable. Of those read. */
  readonly meanEmotions: readonly (number | null)[];
  readonly topEmotions: readonly Share[];
  /** Images with the unit present (probability 0.5 or more), in the order of `units`. Of those read. */
  readonly unitsPresent: readonly Share[];
}

/** One way to divide the people. */
export interface Division {
  readonly by: string;
  /** In the order of their names. */
  readonly groups: readonly GroupScore[];
}

/** DIR/eval.json of `mien eval groups` (docs/eval.md describes each field). */
export interface GroupsEvalReport {
  readonly schema: 'mien-eval-groups/1';
  readonly mienVersion: string;
  readonly data: { readonly kind: 'groups'; readonly list: string; readonly images: string };
  readonly model: {
    readonly id: string;
    readonly version: string;
    readonly device: SettledDevice;
    readonly precision: SettledPrecision;
  };
  readonly emotions: readonly string[];
  readonly units: readonly string[];
  readonly all: GroupScore;
  readonly divisions: readonly Division[];
}
