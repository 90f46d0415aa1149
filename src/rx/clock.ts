import { type Millis, millis } from '../domain/units.js';

/** Time and timers, so that tests own both. */
export interface Clock {
  /** Monotonic, the clock of `LiveFrame.arrivedAt`. */
  nowMs(): Millis;
  /** Date.now(). */
  wallTimeMs(): number;
  /** Calls `run` once after that time, never before this returns; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The process's own clock. Its timers keep no process alive. */
export const SYSTEM_CLOCK: Clock = {
  nowMs: () => millis(performance.now()),
  wallTimeMs: () => Date.now(),
  after: (delayMs, run) => {
    if (delayMs <= 0) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
