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
  #events: Outgoing[] = [];
  /** Handed out, and neither done nor lost yet. */
  readonly #sending = new Set<Outgoing>();

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

  event(topic: string, payload: string): void {
    this.#events.push({ topic, payload, kind: 'event' });
    if (this.#events.length <= this.maxEvents) return;
    this.#events.shift();
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
    const busy = new Set([...this.#sending].filter(({ kind }) => kind === 'state').map(({ topic }) => topic));
    const topic = [...this.#changed].find((each) => !busy.has(each));
    const message: Outgoing | undefined =
      topic === undefined
        ? this.#events.find((event) => !this.#sending.has(event))
        : { topic, payload: this.#states.get(topic)!, kind: 'state' };
    if (message) this.#sending.add(message);
    return message;
  }

  /** The broker has it. */
  done(message: Outgoing): void {
    if (!this.#sending.delete(message)) return;
    const { kind, topic, payload } = message;
    if (kind === 'event') this.#events = this.#events.filter((event) => event !== message);
    else if (this.#states.get(topic) === payload) {
      this.#changed.delete(topic);
      if (payload === '') this.#states.delete(topic);
    }
  }

  /** A new connection: nothing is on its way, and the broker may have lost every state. */
  restart(): void {
    this.#sending.clear();
    for (const topic of this.#states.keys()) this.#changed.add(topic);
  }
}
