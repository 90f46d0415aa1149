import type { Problems } from '../eval/benchmarks/annotation-file.js';
import type { UnitChoice } from '../eval/units/au-sets.js';
import type { Task } from './exchanges.js';
import type { LabelledFace } from './face.js';

/** Faces that come together: the labelled frames of one recording in order, or some pictures of a list. */
export interface Batch {
  readonly kind: 'recording' | 'pictures';
  readonly faces: readonly LabelledFace[];
}

/** How a data set is to be read. */
export interface SourceOptions {
  /** The folder or list that was named. */
  readonly path: string;
  /** What is to be taught; null: what the set's labels are for. */
  readonly tasks: readonly Task[] | null;
  /** Whether the set's own parts are used. */
  readonly ownParts: boolean;
  readonly units: UnitChoice;
  /** Pattern for the pictures of frames; null: the set's own. */
  readonly frameImage: string | null;
  readonly columns: { readonly image: string; readonly label: string; readonly subject: string };
  /** Annotation files of FABA-Instruct by name. */
  readonly faba: { readonly emotions: string | null; readonly units: string | null };
}

/** A data set on disk, as its owners publish it. */
export interface Source {
  readonly title: string;
  /** The files or folders that were found, for the report. */
  readonly labels: readonly string[];
  /** Where its pictures are if nobody says otherwise. */
  readonly images: string;
  /** What its labels teach, unless somebody says otherwise. */
  readonly tasks: readonly Task[];
  /** Classes of emotion in the order and words of the paper on it. */
  readonly emotions: readonly string[];
  readonly compounds: readonly string[];
  /** FACS numbers it codes and papers measure. */
  readonly units: readonly string[];
  /** Degree from which on papers count a unit as present. */
  readonly presentFrom: number;
  /** People of the folds that papers share. */
  readonly folds: readonly (readonly string[])[] | null;
  /** Whether labels without a picture belong to it: frames on which its owners found no face. */
  readonly lacksPictures: boolean;
  /** Its faces, from the beginning at each call. What is wrong goes to `problems` where reading can go on. */
  faces(problems: Problems): AsyncGenerator<Batch>;
}
