import type { AskTurn } from '../rx/latest-map.js';

interface Question {
  readonly seat: { lastTurn: number };
  readonly start: () => void;
}

/**
 * Turns at work that all cameras share: at most so many are held at once, and who had one longest ago is served first.
 * Each camera that always has a frame gets as many as the next; one that has none for a moment keeps its place, and one
 * that was away has nothing made up for: its next turn comes at once, and then it waits as the others do.
 */
export class Turns {
  readonly #atOnce: () => number;
  readonly #waiting = new Set<Question>();
  #held = 0;
  #given = 0;

  /** @param atOnce - turns held at once; fewer than 1 count as 1, so that whoever waits learns why nothing works */
  constructor(atOnce: () => number) {
    this.#atOnce = atOnce;
  }

  /**
   * A camera's place: what it asks with. `begin` is called when the turn has come, now if one is free. The result
   * withdraws the question; once begun it does nothing.
   */
  seat(): AskTurn {
    const seat = { lastTurn: 0 };
    return (begin) => {
      const start = (): void => {
        let ended = false;
        this.#held += 1;
        this.#given += 1;
        seat.lastTurn = this.#given;
        begin(() => {
          if (ended) return;
          ended = true;
          this.#held -= 1;
          this.#grant();
        });
      };
      const question = { seat, start };
      this.#waiting.add(question);
      this.#grant();
      return () => this.#waiting.delete(question);
    };
  }

  #grant(): void {
    while (this.#held < Math.max(1, this.#atOnce())) {
      const next = this.#next();
      if (!next) return;
      this.#waiting.delete(next);
      next.start();
    }
  }

  /** Of those whose last turn was longest ago, who asked first. */
  #next(): Question | undefined {
    let next: Question | undefined;
    for (const question of this.#waiting) {
      if (!next || question.seat.lastTurn < next.seat.lastTurn) next = question;
    }
    return next;
  }
}
