import { EMOTIONS } from '../domain/affect.js';
import { AffectError } from '../domain/errors.js';
import { type EvalItem, requireItems } from './items.js';
import type { NpzFile } from './npz-file.js';

export const SPLITS = ['train', 'valid', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** Columns of `votes`: the eight emotions, then "unknown" and "not a face". */
const VOTE_COLUMNS = EMOTIONS.length + 2;

/**
 * The emotion of FER+ votes: that with the most, the first of equals in FER+ order; null where more annotators said "unknown" or
 * "not a face" (FER+'s majority rule, Barsoum et al. 2016).
 */
export function ferplusMajority(votes: ArrayLike<number>): number | null {
  let winner = 0;
  for (let column = 1; column < VOTE_COLUMNS; column++) if (votes[column]! > votes[winner]!) winner = column;
  return winner < EMOTIONS.length ? winner : null;
}

/**
 * The faces of one split of an .npz with `votes` [N, 10], `split` [N] (0 train, 1 valid, 2 test) and `ids` [N]. The label is
 * that of `ferplusMajority`; a face without one is left out.
 */
export function ferplusItems(file: NpzFile, split: Split): readonly EvalItem[] {
  const votes = file.array('votes', 2);
  const splits = file.array('split', 1).values;
  const ids = file.array('ids', 1).values;
  const [faces, columns] = votes.shape as [number, number];
  if (columns !== VOTE_COLUMNS || splits.length !== faces || ids.length !== faces) {
    throw new AffectError(
      'INPUT_DAMAGED',
      `${file.path}: votes has shape (${faces}, ${columns}), split ${splits.length}, ids ${ids.length}; expected (N, ${VOTE_COLUMNS}), N, N`,
    );
  }
  const wanted = SPLITS.indexOf(split);
  const items: EvalItem[] = [];
  for (let face = 0; face < faces; face++) {
    if (splits[face] !== wanted) continue;
    const winner = ferplusMajority(votes.values.subarray(face * VOTE_COLUMNS, (face + 1) * VOTE_COLUMNS));
    if (winner !== null) items.push({ image: String(ids[face]), truth: winner, candidates: null });
  }
  return requireItems(items, `${file.path}, split ${split}`);
}
