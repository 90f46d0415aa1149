import type { Rule } from '../domain/rules.js';
import type { Purpose } from './responsible-use.js';
import type { ParsedConfig } from './schema.js';

/** A webhook as `mien serve` uses it. `secret` is not enumerable: JSON, spreads and console output leave it out. */
export interface WebhookTarget {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
}

/** Webhooks, and the queue of what waits for them. */
export interface WebhooksConfig {
  /** Absolute; "" without targets. */
  readonly folder: string;
  readonly maxWaiting: number;
  readonly keepForMs: number;
  readonly targets: readonly WebhookTarget[];
}

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const WHOLE_DAY = { fromMinute: 0, toMinute: 24 * 60 };

/** A rule with units in its names, for the purpose of the installation unless it has its own. */
export function toRule(parsed: ParsedConfig['rules'][number], purpose: Purpose): Rule {
  const { id, cameras = null, when: written, endAfter, holdOff, tellEnd, do: actions } = parsed;
  const { for: forMs, hours, days, ...condition } = written;
  return {
    id,
    cameras,
    purpose: parsed.purpose ?? purpose,
    when: toCondition(condition),
    zone: 'zone' in condition ? (condition.zone ?? null) : null,
    hours: hours || days ? { ...(hours ?? WHOLE_DAY), days: days ?? EVERY_DAY } : null,
    forMs,
    endAfterMs: endAfter,
    holdOffMs: holdOff,
    tellEnd,
    actions,
  };
}

type WrittenCondition = ParsedConfig['rules'][number]['when'];

function toCondition(when: Omit<WrittenCondition, 'for' | 'hours' | 'days'> & { zone?: unknown }): Rule['when'] {
  const { zone: _, ...condition } = when;
  const bounds = condition.type === 'valence' ? { above: null, below: null } : { least: null, most: null };
  return (condition.type === 'valence' || condition.type === 'faces'
    ? { ...bounds, ...condition }
    : condition) as unknown as Rule['when'];
}

/** @param secrets - by index of the target */
export function toWebhooksConfig(parsed: ParsedConfig['webhooks'], secrets: readonly string[]): WebhooksConfig {
  const { folder, maxWaiting, keepFor, targets } = parsed;
  return {
    folder: folder ?? '',
    maxWaiting,
    keepForMs: keepFor,
    targets: targets.map(({ id, url, timeout }, index) =>
      Object.defineProperty({ id, url, timeoutMs: timeout, secret: secrets[index] ?? '' }, 'secret', {
        enumerable: false,
      }),
    ),
  };
}
