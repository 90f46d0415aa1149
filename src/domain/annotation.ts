import type { EpisodeKind } from './episode-kind.js';
import type { Micros } from './units.js';

/** Version of `<name>.annotations.<rater>.jsonl`. */
export const ANNOTATION_VERSION = 1;

/** What a person said of a measured episode, or that they saw one that was not measured. */
export type Verdict = 'accepted' | 'corrected' | 'rejected' | 'added';

/**
 * One judgement of one rater on one stretch of a video. Measured results are never changed by it; it is kept beside them, one file
 * a rater.
 */
export interface Annotation {
  readonly v: typeof ANNOTATION_VERSION;
  readonly id: string;
  readonly source: string;
  /** Word by which the rater is known: letters, digits, `-` and `_`. */
  readonly rater: string;
  /** Person of `<name>.people.json`. */
  readonly person: number;
  readonly kind: EpisodeKind;
  /** As episodes have it: "happiness", "AU12", "blink". */
  readonly label: string;
  readonly onsetUs: Micros;
  readonly offsetUs: Micros;
  readonly verdict: Verdict;
  /** The episode it is about; null of one that was added. */
  readonly episode: string | null;
  readonly note: string | null;
}
