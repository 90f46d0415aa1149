import { firingOf } from './model/firings.js';
import type { PageFiring } from './model/state.js';
import type { RuleMessage } from './model/wire.js';
import { call } from './rest.js';

/** Firings that ended, of each rule, that are asked for. */
const LIMIT = 5;

/** How many rules there are, and what goes on of them and ended before the page was opened, or while it was away. */
export async function loadRules(): Promise<{ readonly rules: number; readonly firings: readonly PageFiring[] }> {
  const { rules } = (await call('GET', `rules?limit=${LIMIT}`)) as {
    rules: readonly {
      firings: readonly { startedAtMs: number; endedAtMs: number | null; firing: RuleMessage['firing'] }[];
    }[];
  };
  const firings = rules.flatMap((rule) =>
    rule.firings.map(({ startedAtMs, endedAtMs, firing }) => ({
      ...firingOf({ firing, atMs: startedAtMs }),
      atMs: startedAtMs,
      endMs: endedAtMs,
    })),
  );
  return { rules: rules.length, firings };
}
