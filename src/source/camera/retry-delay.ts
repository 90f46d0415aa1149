import type { SourceEndReason } from '../../domain/live.js';

export interface BackoffOptions {
  /** Longest pause before the first retry; it doubles with each failure. @default 250 */
  readonly firstMs?: number;
  /** Longest pause. @default 30000 */
  readonly capMs?: number;
  /** Longest pause after the first refused login; it doubles, too. @default 60000 */
  readonly refusedFirstMs?: number;
  /** Longest pause after a refused login. @default 600000 */
  readonly refusedCapMs?: number;
}

/**
 * Pure: pause before a camera is opened again, in ms: random under a bound that doubles up to a cap, so that cameras
 * that failed together do not come back together ("jitter", Brooker, AWS Architecture Blog 2015). Uniform between 0 and
 * the bound; after a refused login between half of it and all of it, since cameras lock an account after a few.
 *
 * @param failures - connections that ended since it last ran well, this one included
 * @param random - uniform in [0, 1)
 */
export function retryDelayMs(
  after: { readonly reason: SourceEndReason; readonly failures: number; readonly random: number },
  options: BackoffOptions = {},
): number {
  const { firstMs = 250, capMs = 30_000, refusedFirstMs = 60_000, refusedCapMs = 600_000 } = options;
  const refused = after.reason === 'unauthorised';
  const doublings = 2 ** Math.min(30, Math.max(0, after.failures - 1));
  const bound = refused ? Math.min(refusedCapMs, refusedFirstMs * doublings) : Math.min(capMs, firstMs * doublings);
  return Math.round(bound * (refused ? 0.5 + after.random / 2 : after.random));
}
