/** Monotonic time and timers, so that tests own both. */
export interface StageClock {
  nowMs(): number;
  /** Calls `run` once after that time, never before this returns; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The process's own clock. Its timers keep no process alive. */
export const SYSTEM_CLOCK: StageClock = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    if (delayMs <= 0) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
