import { type Millis, millis } from '../../src/domain/units.js';
import type { Clock } from '../../src/rx/clock.js';

/** A clock that only moves when told. Timers run in order of their time; promises settle in between. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #timers: { readonly atMs: number; readonly run: () => void }[] = [];

  nowMs(): Millis {
    return millis(this.#nowMs);
  }

  wallTimeMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves on, running what is due, and lets promises settle after each timer. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await settled();
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.run();
      await settled();
    }
    this.#nowMs = endMs;
  }
}

/** Lets promise chains run out. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
