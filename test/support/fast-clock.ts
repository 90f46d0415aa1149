import { type StageClock, SYSTEM_CLOCK } from '../../src/mllm/stage-clock.js';

/** The process's clock run `factor` times as fast: pauses and timeouts of seconds pass in milliseconds. */
export function fastClock(factor: number): StageClock {
  return {
    nowMs: () => SYSTEM_CLOCK.nowMs() * factor,
    after: (delayMs, run) => SYSTEM_CLOCK.after(delayMs / factor, run),
  };
}
