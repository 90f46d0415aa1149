import { type KeyPath, keyText, type Layer, locate, type Problem } from '../config/layers.js';

/** Where something of a study was written. */
export type Place = Pick<Problem, 'where' | 'key'>;

/** What is found while a study is read: problems, which must be put right, and notes, which somebody should know. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly notes: Problem[] = [];
  /** The study file, for the places of its keys. */
  layer: Layer = { value: {}, locate: () => undefined };

  /** Where a key of the study file, or else what is around it, was written. */
  placeOf(path: KeyPath): Place {
    return { where: locate([this.layer], path), key: keyText(path) };
  }

  /** What is wrong at a place; the first that is found there is told. */
  problem(place: Place, text: string): void {
    if (!this.problems.some(({ where, key }) => where === place.where && key === place.key))
      this.problems.push({ ...place, text });
  }

  note(place: Place, text: string): void {
    this.notes.push({ ...place, text });
  }
}
