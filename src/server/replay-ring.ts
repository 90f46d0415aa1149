/** A message that is remembered for clients that come back. */
export interface Remembered {
  readonly seq: number;
  readonly kind: 'episodes' | 'insights' | 'states';
  readonly source: string;
  readonly atMs: number;
  readonly data: Buffer;
}

/** The last episode, insight, state and removed messages, numbered from 1: bounded by count and by age. */
export class ReplayRing {
  readonly #kept: Remembered[] = [];
  /** Index of the oldest: cheaper than moving all for each that goes. */
  #first = 0;
  #seq = 0;

  constructor(private readonly limits: { readonly replayMessages: number; readonly replayMs: number }) {}

  /** Number of the newest message; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  get size(): number {
    return this.#kept.length - this.#first;
  }

  /** Numbers, encodes and keeps a message. */
  add(
    what: { readonly kind: Remembered['kind']; readonly source: string; readonly atMs: number },
    encode: (seq: number) => Buffer,
  ): Remembered {
    const seq = this.#seq + 1;
    const message = { ...what, seq, data: encode(seq) };
    // Only now: what cannot be encoded leaves no hole.
    this.#seq = seq;
    this.#kept.push(message);
    this.#forget(what.atMs);
    return message;
  }

  /** What came after `seq`; gap when some of it is forgotten, or when `seq` was never reached. */
  after(seq: number, nowMs: number): { readonly messages: readonly Remembered[]; readonly gap: boolean } {
    this.#forget(nowMs);
    if (seq > this.#seq) return { messages: [], gap: true };
    const oldest = this.#kept[this.#first]?.seq ?? this.#seq + 1;
    return { messages: this.#kept.slice(Math.max(this.#first, this.#first + seq + 1 - oldest)), gap: seq + 1 < oldest };
  }

  #forget(nowMs: number): void {
    const { replayMessages, replayMs } = this.limits;
    const since = nowMs - replayMs;
    while (this.size > 0 && (this.size > replayMessages || this.#kept[this.#first]!.atMs < since)) this.#first++;
    // Moved together now and then, not for each that goes: never more than twice the bound is held.
    if (this.#first * 2 <= this.#kept.length) return;
    this.#kept.splice(0, this.#first);
    this.#first = 0;
  }
}
