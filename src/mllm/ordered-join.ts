/** A place in the order of one source; filled or given up later. */
export interface JoinSlot<T> {
  readonly source: string;
  readonly ptsUs: number;
  /** What became of it; null when it was given up. */
  result: T | null | 'open';
}

/**
 * Gives results back in the order of their media time within each source, whatever order they come in: each waits for
 * the open slots before it. Bounded by its caller, who opens no slot beyond its limit.
 */
export class OrderedJoin<T extends object> {
  readonly #slots = new Map<string, JoinSlot<T>[]>();
  #size = 0;

  /** Open slots, and results that wait for one before them. */
  get size(): number {
    return this.#size;
  }

  /** O(1) when media time rises, as it does within a source. */
  open(source: string, ptsUs: number): JoinSlot<T> {
    const slots = this.#slots.get(source) ?? [];
    this.#slots.set(source, slots);
    const slot: JoinSlot<T> = { source, ptsUs, result: 'open' };
    let at = slots.length;
    while (at > 0 && slots[at - 1]!.ptsUs > ptsUs) at -= 1;
    slots.splice(at, 0, slot);
    this.#size += 1;
    return slot;
  }

  /** Fills a slot, or gives it up with null; returns what may go on now, in order. */
  settle(slot: JoinSlot<T>, result: T | null): T[] {
    if (slot.result !== 'open') return [];
    slot.result = result;
    const slots = this.#slots.get(slot.source)!;
    const firstOpen = slots.findIndex((other) => other.result === 'open');
    const done = slots.splice(0, firstOpen < 0 ? slots.length : firstOpen);
    if (slots.length === 0) this.#slots.delete(slot.source);
    this.#size -= done.length;
    return done.flatMap(({ result: value }) => (value === null || value === 'open' ? [] : [value]));
  }
}
