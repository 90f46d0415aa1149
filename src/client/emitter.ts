/** Typed listeners: the smallest thing that works in browsers and Node alike. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(message: never) => void>>();

  on<E extends keyof Events>(event: E, listener: (message: Events[E]) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    // Wrapped, so that one function given twice is two listeners.
    const own = (message: Events[E]): void => listener(message);
    set.add(own);
    return () => set.delete(own);
  }

  emit<E extends keyof Events>(event: E, message: Events[E]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) (listener as (message: Events[E]) => void)(message);
  }
}
