/**
 * Wait before attempt number `attempt` (0 is the first retry): doubling from `firstMs` up to `longestMs`, times
 * 0.5 to 1 by `random`, so that many clients do not come back at once.
 */
export function backoffMs(
  attempt: number,
  options: { readonly firstMs: number; readonly longestMs: number; readonly random: number },
): number {
  const wait = Math.min(options.longestMs, options.firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(wait * (0.5 + options.random / 2));
}
