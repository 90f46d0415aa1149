/** Values of the last `windowMs`, at most `capacity` of them: the oldest go first. */
export class RollingWindow {
  readonly #options: { readonly windowMs: number; readonly capacity: number };
  #entries: { readonly at: number; readonly value: number }[] = [];

  constructor(options: { readonly windowMs: number; readonly capacity: number }) {
    this.#options = options;
  }

  add(at: number, value: number): void {
    this.#entries.push({ at, value });
    if (this.#entries.length > this.#options.capacity * 2) this.#trim(at);
  }

  /** Entries a second over the part of the window that has passed since `since`. */
  rate(now: number, since: number): number {
    this.#trim(now);
    const seconds = Math.min(this.#options.windowMs, Math.max(1, now - since)) / 1000;
    return this.#entries.length / seconds;
  }

  /** Nearest-rank percentiles, in the order asked for; null when empty. */
  percentiles(now: number, ranks: readonly number[]): number[] | null {
    this.#trim(now);
    if (this.#entries.length === 0) return null;
    const sorted = this.#entries.map(({ value }) => value).sort((a, b) => a - b);
    return ranks.map((rank) => sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)]!);
  }

  #trim(now: number): void {
    const from = now - this.#options.windowMs;
    const first = this.#entries.findIndex(({ at }) => at > from);
    const kept = first === -1 ? [] : this.#entries.slice(first);
    this.#entries = kept.slice(-this.#options.capacity);
  }
}
