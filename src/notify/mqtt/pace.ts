import type { Clock } from '../../rx/clock.js';

/** What is to be told of a topic: `facts` decide whether it changed, `payload` is what is sent. */
export interface Told {
  readonly facts: string;
  readonly payload: string;
}

/**
 * Lets changes of many topics pass, each topic at most once in a time; the newest wins, and is told when its time comes
 * even if nothing follows it. What is not due is not even made.
 */
export class Pace {
  readonly #topics = new Map<
    string,
    { lastMs: number; facts: string; make: (() => Told) | null; cancel: () => void }
  >();

  constructor(
    private readonly intervalMs: number,
    private readonly clock: Pick<Clock, 'nowMs' | 'after'>,
    private readonly send: (topic: string, payload: string) => void,
  ) {}

  offer(topic: string, make: () => Told): void {
    const known = this.#topics.get(topic) ?? {
      lastMs: Number.NEGATIVE_INFINITY,
      facts: '',
      make: null,
      cancel: () => undefined,
    };
    this.#topics.set(topic, known);
    const isWaiting = known.make !== null;
    known.make = make;
    const leftMs = known.lastMs + this.intervalMs - this.clock.nowMs();
    if (leftMs <= 0) this.#tell(topic);
    else if (!isWaiting) known.cancel = this.clock.after(leftMs, () => this.#tell(topic));
  }

  /** Tells nothing more of a topic until it is offered again; then at once. */
  forget(topic: string): void {
    this.#topics.get(topic)?.cancel();
    this.#topics.delete(topic);
  }

  close(): void {
    for (const topic of [...this.#topics.keys()]) this.forget(topic);
  }

  #tell(topic: string): void {
    const known = this.#topics.get(topic);
    if (!known?.make) return;
    const { facts, payload } = known.make();
    known.cancel();
    known.make = null;
    if (facts === known.facts) return;
    known.facts = facts;
    known.lastMs = this.clock.nowMs();
    this.send(topic, payload);
  }
}
