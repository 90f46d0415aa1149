import { EMOTIONS } from '../domain/affect.js';
import { AffectError } from '../domain/errors.js';
import { emotionIndex } from './labels.js';

/** One labelled picture to be measured. */
export interface EvalItem {
  /** As the list names it; an ImageSource loads it. */
  readonly image: string;
  /** Index in EMOTIONS. */
  readonly truth: number;
  /** Indices in EMOTIONS among which the answer is chosen; null: all. */
  readonly candidates: readonly number[] | null;
}

/** Throws USAGE naming `where` when the label is not one of the eight emotions. */
export function requireEmotion(label: string, where: string): number {
  const index = emotionIndex(label);
  if (index !== undefined) return index;
  throw new AffectError(
    'USAGE',
    `${where}: "${label}" is not one of the labels ${EMOTIONS.join(', ')}; rename or remove it`,
  );
}

/** Throws USAGE when a list has nothing to measure. */
export function requireItems(items: readonly EvalItem[], path: string): readonly EvalItem[] {
  if (items.length > 0) return items;
  throw new AffectError('USAGE', `${path} lists no images; there is nothing to measure`);
}
