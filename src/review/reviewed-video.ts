import type { PersonEpisode } from '../annotations/person-episodes.js';
import type { Annotation } from '../domain/annotation.js';

/** One video as the page shows it. */
export interface ReviewedVideo {
  readonly index: number;
  readonly name: string;
  readonly source: string;
  readonly rater: string;
  readonly durationSeconds: number;
  readonly fps: number;
  readonly people: readonly { readonly person: number; readonly name: string | null }[];
  readonly units: readonly string[];
  readonly episodes: readonly PersonEpisode[];
  /** What this rater said. */
  readonly annotations: readonly Annotation[];
  /** Names what was read; a save says what it was made from. */
  readonly version: string;
  /** How many others annotated it. What they said is told only when it is asked for. */
  readonly otherRaters: number;
  /** Null: it can be played. */
  readonly unplayable: string | null;
}
