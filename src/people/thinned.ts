/** Keeps at most `most` of many values, spread evenly over all: when it is full, every second one goes, and every second is taken. */
export class Thinned<T> {
  readonly #most: number;
  #kept: T[] = [];
  #step = 1;
  #offered = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get kept(): readonly T[] {
    return this.#kept;
  }

  add(value: T): void {
    this.offer(() => value);
  }

  /** Makes the value only when it is kept. */
  offer(make: () => T): void {
    if (this.#offered++ % this.#step !== 0) return;
    if (this.#kept.length >= this.#most) {
      this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
      this.#step *= 2;
      if ((this.#offered - 1) % this.#step !== 0) return;
    }
    this.#kept.push(make());
  }
}
