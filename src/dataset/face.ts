import type { Emotion, ValenceArousal } from '../domain/affect.js';
import type { CompoundExpression } from '../domain/insight.js';

/** The parts into which sets divide themselves. */
export const SPLITS = ['train', 'valid', 'test'] as const;
/** One of `SPLITS`. */
export type Split = (typeof SPLITS)[number];

/** Texts that a list may bring about a face. */
export type TextKind = 'emotion' | 'units' | 'summary' | 'movement' | 'reasoning' | 'thought';

/** A picture of a face, and what a data set says of it. What it does not say is null. */
export interface LabelledFace {
  /** As the set names it, inside the folder of images. */
  readonly image: string;
  /** File and line that say so, for messages. */
  readonly where: string;
  /** Who is on it, or what keeps people apart (a video). */
  readonly subject: string | null;
  /** The part that the set itself puts it into. */
  readonly split: Split | null;
  readonly emotion: Emotion | null;
  readonly compound: CompoundExpression | null;
  /** Degree 0..5 of each coded unit by FACS number; of a list of presence 0 or 1. */
  readonly units: ReadonlyMap<string, number> | null;
  readonly affect: ValenceArousal | null;
  readonly texts: Readonly<Partial<Record<TextKind, string>>>;
  /** The question that the list asks with its text. */
  readonly question: string | null;
  /** File with the numbers of its facial prior. */
  readonly landmark: string | null;
}

/** A face of which only this is known. */
export function labelledFace(known: Pick<LabelledFace, 'image' | 'where'> & Partial<LabelledFace>): LabelledFace {
  return {
    subject: null,
    split: null,
    emotion: null,
    compound: null,
    units: null,
    affect: null,
    texts: {},
    question: null,
    landmark: null,
    ...known,
  };
}
