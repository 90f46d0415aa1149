import type { FacePart } from '../../domain/face-parts.js';
import type { Interval, Share } from '../../statistics/intervals.js';
import type { ValidityCounts } from '../face-finder.js';
import type { Still } from '../still-models.js';

/** How well what lies before one part is told; of the faces read. A number is null where it cannot be told. */
export interface PartScore {
  readonly part: FacePart;
  /** Faces whose part was judged; of them those that are covered, and those that are seen. */
  readonly judged: number;
  readonly covered: number;
  readonly seen: number;
  /** Covered ones told from seen ones by visibility. */
  readonly auc: number | null;
  readonly aucInterval: Interval | null;
  /** Told right, of the covered and the seen. */
  readonly accuracy: Share;
  /** Told as covered, of those that are. */
  readonly told: Share;
  /** Told as covered, of those that are seen. */
  readonly falselyCovered: Share;
  /** Mean absolute error of visibility, of those judged. */
  readonly meanError: number | null;
}

/** What is told of the faces of one group. */
export interface CoverGroup {
  readonly group: string;
  readonly images: number;
  readonly read: number;
  /** Covered parts told, all parts together. */
  readonly told: Share;
  /** Faces nothing lies before that have any part told as covered. */
  readonly falselyCovered: Share;
}

/** DIR/eval.json of `mien eval covers` (docs/eval.md describes each field). */
export interface CoversEvalReport {
  readonly schema: 'mien-eval-covers/1';
  readonly mienVersion: string;
  readonly data: { readonly kind: 'covers'; readonly list: string; readonly images: string };
  readonly model: Still['model'] & Pick<Still, 'device' | 'precision'>;
  /** A part with at most that much of it seen is covered, one with at least that much is seen; what lies between is neither. */
  readonly limits: { readonly covered: number; readonly seen: number };
  readonly counts: {
    readonly images: number;
    /** Null when intervals are over images. */
    readonly subjects: number | null;
    readonly found: number;
    readonly read: number;
    readonly validity: ValidityCounts;
  };
  readonly parts: readonly PartScore[];
  readonly all: CoverGroup;
  readonly divisions: readonly { readonly by: string; readonly groups: readonly CoverGroup[] }[];
}
