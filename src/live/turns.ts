import type { AskTurn } from '../rx/latest-map.js';

/**
 * Turns at work that all cameras share: at most so many are held at once, and who asks first is served first. A camera
 * that has had its turn asks again behind the others, so that each camera that has frames gets as many as the next.
 */
export class Turns {
  readonly #atOnce: () => number;
  readonly #waiting = new Set<() => void>();
  #held = 0;

  /** @param atOnce - turns held at once; fewer than 1 count as 1, so that whoever waits learns why nothing works */
  constructor(atOnce: () => number) {
    this.#atOnce = atOnce;
  }

  /** Calls `begin` when the turn has come, now if one is free. The result leaves the queue; once begun it does nothing. */
  readonly ask: AskTurn = (begin) => {
    const start = (): void => {
      let ended = false;
      this.#held += 1;
      begin(() => {
        if (ended) return;
        ended = true;
        this.#held -= 1;
        this.#grant();
      });
    };
    this.#waiting.add(start);
    this.#grant();
    return () => this.#waiting.delete(start);
  };

  #grant(): void {
    for (const start of this.#waiting) {
      if (this.#held >= Math.max(1, this.#atOnce())) return;
      this.#waiting.delete(start);
      start();
    }
  }
}
