import { millis } from '../../src/domain/units.js';
import { type Clock, SYSTEM_CLOCK } from '../../src/rx/clock.js';

/** The process's clock run `factor` times as fast: pauses and timeouts of seconds pass in milliseconds. */
export function fastClock(factor: number): Clock {
  return {
    ...SYSTEM_CLOCK,
    nowMs: () => millis(SYSTEM_CLOCK.nowMs() * factor),
    after: (delayMs, run) => SYSTEM_CLOCK.after(delayMs / factor, run),
  };
}
