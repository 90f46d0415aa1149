/** A list in order of time whose oldest entries go cheaply: the shape of every history in the page. */
export class TimedList<T> {
  #entries: T[] = [];
  #head = 0;
  readonly #timeOf: (entry: T) => number;

  constructor(timeOf: (entry: T) => number) {
    this.#timeOf = timeOf;
  }

  get length(): number {
    return this.#entries.length - this.#head;
  }

  get oldest(): T | undefined {
    return this.#entries[this.#head];
  }

  get newest(): T | undefined {
    return this.length > 0 ? this.#entries.at(-1) : undefined;
  }

  /** The entry at a place from 0 (oldest). */
  get(place: number): T | undefined {
    return place < 0 ? undefined : this.#entries[this.#head + place];
  }

  /** Adds an entry; one that is older than the newest is put in its place. */
  push(entry: T): void {
    const time = this.#timeOf(entry);
    let at = this.#entries.length;
    while (at > this.#head && this.#timeOf(this.#entries[at - 1]!) > time) at -= 1;
    if (at === this.#entries.length) this.#entries.push(entry);
    else this.#entries.splice(at, 0, entry);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const entry = this.#entries[this.#head]!;
    this.#head += 1;
    if (this.#head > 64 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }

  /** Keeps the entries for which `keep` is true. */
  filter(keep: (entry: T) => boolean): void {
    this.#entries = this.#entries.slice(this.#head).filter(keep);
    this.#head = 0;
  }

  /** Place of the last entry at or before a time; -1 when all are later. */
  placeAt(time: number): number {
    let low = this.#head;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#timeOf(this.#entries[middle]!) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1 - this.#head;
  }

  /** The last entry at or before a time. */
  at(time: number): T | undefined {
    return this.get(this.placeAt(time));
  }

  /** The entry closest to a time, at most `within` away. */
  nearest(time: number, within: number): T | undefined {
    const place = this.placeAt(time);
    let best: T | undefined;
    let distance = within;
    for (const entry of [this.get(place), this.get(place + 1)]) {
      if (entry === undefined) continue;
      const away = Math.abs(this.#timeOf(entry) - time);
      if (away > distance) continue;
      best = entry;
      distance = away;
    }
    return best;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let at = this.#head; at < this.#entries.length; at++) yield this.#entries[at]!;
  }
}
