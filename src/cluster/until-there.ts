import { AffectError, errorWords } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import type { Clock } from '../rx/clock.js';
import { untilAborted } from '../rx/until-aborted.js';

const PAUSE_MS = 1_000;

interface Waiting {
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Pick<Logger, 'warn'>;
}

const stopping = (): AffectError => new AffectError('INTERRUPTED', 'mien is stopping');

/**
 * What a step gives, tried again each second until it does: the bus is reached, but part of it may still be starting.
 * Told of once. Throws INTERRUPTED when the signal aborts.
 *
 * @param what - for the log: "the stream of events"
 */
export async function untilThere<T>(
  what: string,
  step: () => Promise<T>,
  { signal, clock, logger }: Waiting,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    if (signal.aborted) throw stopping();
    try {
      return await untilAborted(step(), signal, stopping);
    } catch (error) {
      if (signal.aborted) throw stopping();
      if (tries === 0) logger.warn(`bus: ${what} cannot be had (${errorWords(error)}); trying again`);
      await pause(clock, signal);
    }
  }
}

function pause(clock: Pick<Clock, 'after'>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(PAUSE_MS, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
