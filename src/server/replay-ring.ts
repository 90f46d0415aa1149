/** A message that is remembered for clients that come back. */
export interface Remembered {
  readonly seq: number;
  readonly kind: 'episodes' | 'insights' | 'rules' | 'states';
  readonly source: string;
  readonly atMs: number;
  readonly data: Buffer;
}

/** What a message is about. */
export interface Told extends Pick<Remembered, 'kind' | 'source' | 'atMs'> {
  /** Of an episode: its later messages say all that an update of it said. */
  readonly episode?: { readonly id: string; readonly phase: 'new' | 'update' | 'end' };
}

/** Cameras whose last state is kept at most, those included that are gone: four times as many as there may be. */
const MAX_SOURCES = 1024;

/**
 * The last messages, numbered from 1 over all of them. Episodes, insights and firings of rules are bounded by count and by age; of the
 * updates of an episode only the newest is kept, and none once it has ended: with many faces in view they are most
 * messages, and would leave room for seconds only. Of the states of a camera only the newest is kept, its removal
 * included, in a place of its own: a camera that comes and goes takes no room from episodes.
 */
export class ReplayRing {
  /** Of cameras, by id, oldest first. */
  readonly #states = new Map<string, Remembered>();
  /** Episodes, insights and firings by number, oldest first. */
  readonly #kept = new Map<number, Remembered & { readonly updates: string | null }>();
  /** Number of the update that is kept of an episode, by its id. */
  readonly #updates = new Map<string, number>();
  #seq = 0;
  /** The newest that is forgotten for good; what was overtaken is not. */
  #forgotten = 0;

  /** @param before - number of the newest message that is forgotten from the beginning */
  constructor(
    private readonly limits: { readonly replayMessages: number; readonly replayMs: number },
    before = 0,
  ) {
    this.#seq = before;
    this.#forgotten = before;
  }

  /** Number of the newest message; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  get size(): number {
    return this.#kept.size + this.#states.size;
  }

  /** Numbers, encodes and keeps a message. @param seq - its number, where others give it: above all before */
  add({ episode, ...what }: Told, encode: (seq: number) => Buffer, seq = this.#seq + 1): Remembered {
    if (seq > this.#seq + 1) this.#forgotten = seq - 1; // those between never came here
    const updates = episode?.phase === 'update' ? episode.id : null;
    const message = { ...what, seq, data: encode(seq), updates };
    // Only now: what cannot be encoded leaves no hole.
    this.#seq = seq;
    if (what.kind === 'states') {
      this.#keepState(message);
      return message;
    }
    if (episode) {
      this.#kept.delete(this.#updates.get(episode.id) ?? 0);
      this.#updates.delete(episode.id);
    }
    if (updates !== null) this.#updates.set(updates, seq);
    this.#kept.set(seq, message);
    this.#forget(what.atMs);
    return message;
  }

  /** What came after `seq`; gap when some of it is forgotten, or when `seq` was never reached. */
  after(seq: number, nowMs: number): { readonly messages: readonly Remembered[]; readonly gap: boolean } {
    this.#forget(nowMs);
    if (seq > this.#seq) return { messages: [], gap: true };
    const messages = [...this.#kept.values(), ...this.#states.values()].filter((message) => message.seq > seq);
    return { messages: messages.sort((a, b) => a.seq - b.seq), gap: seq < this.#forgotten };
  }

  #keepState(message: Remembered): void {
    this.#states.delete(message.source);
    this.#states.set(message.source, message);
    if (this.#states.size <= MAX_SOURCES) return;
    const [source, oldest] = this.#states.entries().next().value!;
    this.#states.delete(source);
    this.#forgotten = Math.max(this.#forgotten, oldest.seq);
  }

  #forget(nowMs: number): void {
    const { replayMessages, replayMs } = this.limits;
    for (const [seq, { atMs, updates }] of this.#kept) {
      if (this.#kept.size <= replayMessages && atMs >= nowMs - replayMs) return;
      this.#kept.delete(seq);
      if (updates !== null) this.#updates.delete(updates);
      this.#forgotten = Math.max(this.#forgotten, seq);
    }
  }
}
