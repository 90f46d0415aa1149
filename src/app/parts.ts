/** What a program is made of, in the order it was started; closed in reverse, one after the other. */
export class Parts {
  readonly #closings: (() => Promise<unknown>)[] = [];
  #closed: Promise<void> | undefined;

  /** True once closing has begun. */
  get closing(): boolean {
    return this.#closed !== undefined;
  }

  /** Takes a part that was started after all the others. @returns the part */
  add<T>(part: T, close: (part: T) => Promise<unknown>): T {
    this.#closings.push(() => close(part));
    return part;
  }

  /** Idempotent. A part that fails to close keeps no other open; rejects with the first failure when all are closed. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closings.reverse()) await close().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}
