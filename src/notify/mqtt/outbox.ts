/** A message on its way. Retained ones say how something is: only the newest of a topic counts. */
export interface Outgoing {
  readonly topic: string;
  readonly payload: string;
  readonly kind: 'state' | 'event';
}

/**
 * What is to be published: of each topic that says how something is the newest payload, and events in order. Its memory
 * is bounded: topics by what there is to tell of, events by number. Nothing here touches a network.
 */
export class Outbox {
  readonly #states = new Map<string, string>();
  /** Topics whose newest payload the broker lacks, in the order of their change. */
  readonly #changed = new Set<string>();
  /** In order; so many of the first are on their way. */
  readonly #events: Outgoing[] = [];
  #eventsSent = 0;
  /** The state on its way, by topic. */
  readonly #sending = new Map<string, Outgoing>();

  /** @param maxEvents - the oldest go first */
  constructor(
    private readonly maxEvents: number,
    private readonly onDropped: () => void,
  ) {}

  /** How something is from now on; an empty payload: it is no more. */
  state(topic: string, payload: string): void {
    this.#states.set(topic, payload);
    this.#changed.add(topic);
  }

  /** Somebody else tells how it is from now on; what the broker has stays. */
  leave(topic: string): void {
    this.#states.delete(topic);
    this.#changed.delete(topic);
  }

  event(topic: string, payload: string): void {
    this.#events.push({ topic, payload, kind: 'event' });
    if (this.#events.length <= this.maxEvents) return;
    this.#removeEvent(0);
    this.onDropped();
  }

  /** Whether something is told on this topic. */
  tells(topic: string): boolean {
    return (this.#states.get(topic) ?? '') !== '';
  }

  /** Messages that wait for the broker or its answer. */
  get waiting(): number {
    return this.#changed.size + this.#events.length;
  }

  /** What to send next; undefined when all is on its way. No topic with a state has two on their way at once. */
  next(): Outgoing | undefined {
    for (const topic of this.#changed) {
      if (this.#sending.has(topic)) continue;
      const message: Outgoing = { topic, payload: this.#states.get(topic)!, kind: 'state' };
      this.#sending.set(topic, message);
      return message;
    }
    return this.#eventsSent < this.#events.length ? this.#events[this.#eventsSent++] : undefined;
  }

  /** The broker has it. */
  done(message: Outgoing): void {
    const { kind, topic, payload } = message;
    if (kind === 'event') this.#removeEvent(this.#events.indexOf(message));
    if (this.#sending.get(topic) !== message) return;
    this.#sending.delete(topic);
    if (this.#states.get(topic) !== payload) return;
    this.#changed.delete(topic);
    if (payload === '') this.#states.delete(topic);
  }

  /** A new connection: nothing is on its way, and the broker may have lost every state. */
  restart(): void {
    this.#sending.clear();
    this.#changed.clear();
    this.#eventsSent = 0;
    for (const topic of this.#states.keys()) this.#changed.add(topic);
  }

  #removeEvent(index: number): void {
    if (index < 0) return;
    this.#events.splice(index, 1);
    if (index < this.#eventsSent) this.#eventsSent--;
  }
}
