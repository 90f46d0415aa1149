import type { Insight } from '../domain/insight.js';

/** Most faces, and most moments of each, that a run tells in its last lines. */
const MOST_FACES = 6;
const MOST_MOMENTS = 4;

/** Words about one face at one moment, for a person who watches a run end. */
export type Spoken = Pick<Insight, 'track' | 'ptsUs' | 'engine' | 'emotion' | 'description' | 'reasoning'>;

/**
 * The words of a run that are worth a line: of each face the first, and then where it shows something else; bounded,
 * however long the run is.
 */
export class SpokenWords {
  readonly #faces = new Map<number, Spoken[]>();

  add({ track, ptsUs, engine, emotion, description, reasoning }: Insight): void {
    if (description === null) return;
    const said = this.#faces.get(track) ?? [];
    if (said.length === 0 && this.#faces.size >= MOST_FACES) return;
    if (said.length >= MOST_MOMENTS || said.at(-1)?.emotion === emotion) return;
    this.#faces.set(track, [...said, { track, ptsUs, engine, emotion, description, reasoning }]);
  }

  /** By face, each in order of media time. */
  get all(): readonly Spoken[] {
    return [...this.#faces.values()].flat();
  }
}
