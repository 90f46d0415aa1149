import type { SourceEndReason } from '../../domain/live.js';

export interface BackoffOptions {
  /** Longest pause before the first retry; it doubles with each failure. @default 250 */
  readonly firstMs?: number;
  /** Longest pause. Analysis is back within this plus the time to open after a camera's return. @default 1000 */
  readonly capMs?: number;
  /** Longest pause where a person has to change something: wrong password, no such stream. @default 5000 */
  readonly refusedCapMs?: number;
}

/**
 * Pure: pause before a camera is opened again, in ms: uniform between 0 and a bound that doubles up to a cap ("full
 * jitter", Brooker, AWS Architecture Blog 2015), so that cameras that failed together do not come back together.
 *
 * @param failures - connections that ended since it last ran well, this one included
 * @param random - uniform in [0, 1)
 */
export function retryDelayMs(
  after: { readonly reason: SourceEndReason; readonly failures: number; readonly random: number },
  options: BackoffOptions = {},
): number {
  const { firstMs = 250, capMs = 1_000, refusedCapMs = 5_000 } = options;
  const refused = after.reason === 'unauthorised' || after.reason === 'not-found';
  const bound = Math.min(refused ? refusedCapMs : capMs, firstMs * 2 ** Math.min(30, Math.max(0, after.failures - 1)));
  return Math.round(after.random * bound);
}
