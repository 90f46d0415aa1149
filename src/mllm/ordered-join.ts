/** A place in the order of one line; filled or given up later. */
export interface JoinSlot<T> {
  readonly line: string;
  readonly ptsUs: number;
  /** Null while it is open. */
  result: T | null;
}

/**
 * Gives results back in the order of their media time within each line (a source), whatever order they come in: each waits for
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
  open(line: string, ptsUs: number): JoinSlot<T> {
    const slots = this.#slots.get(line) ?? [];
    this.#slots.set(line, slots);
    const slot: JoinSlot<T> = { line, ptsUs, result: null };
    let at = slots.length;
    while (at > 0 && slots[at - 1]!.ptsUs > ptsUs) at -= 1;
    slots.splice(at, 0, slot);
    this.#size += 1;
    return slot;
  }

  /** Fills a slot, or gives it up with null; returns what may go on now, in order. */
  settle(slot: JoinSlot<T>, result: T | null): T[] {
    if (slot.result !== null) return [];
    const slots = this.#slots.get(slot.line);
    const at = slots?.indexOf(slot) ?? -1;
    if (slots === undefined || at < 0) return [];
    slot.result = result;
    if (result === null) slots.splice(at, 1);
    const firstOpen = slots.findIndex((other) => other.result === null);
    const done = slots.splice(0, firstOpen < 0 ? slots.length : firstOpen);
    if (slots.length === 0) this.#slots.delete(slot.line);
    this.#size -= done.length + (result === null ? 1 : 0);
    return done.map((filled) => filled.result!);
  }
}
