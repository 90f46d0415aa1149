import type { LabelledFace } from '../face.js';
import type { Fault, Texts } from './check-texts.js';
import type { FaceFacts } from './facts.js';

/** A face whose labels are known, with the picture that was found for it. */
export interface FaceToDescribe {
  readonly face: LabelledFace;
  readonly facts: FaceFacts;
  /** Path of its picture inside the folder of images. */
  readonly image: string;
}

/** A face with texts that say what its labels say. */
export interface DescribedFace extends FaceToDescribe {
  readonly texts: Texts;
  /** Answers until one could be used. */
  readonly tries: number;
}

/** A face without texts, and why. */
export interface RejectedFace extends FaceToDescribe {
  /** The last answer; empty where there is none. */
  readonly answer: string;
  /** What was wrong with it; empty where the engine gave none. */
  readonly faults: readonly Fault[];
  /** Why the engine gave none; null where it did. */
  readonly failure: string | null;
  readonly tries: number;
}
