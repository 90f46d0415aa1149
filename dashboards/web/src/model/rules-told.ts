import type { RuleStatusJson } from '../../../../src/protocol/rule-schema.js';
import type { RuleMessage } from './wire.js';

/** Firings of a rule that ended and are kept: as many as the server was asked for. */
export const ENDED_KEPT = 20;

/** Rules after a firing began or ended. Pure; an end whose beginning is not known adds nothing. */
export function firingTold(
  rules: readonly RuleStatusJson[],
  { firing, atMs }: Pick<RuleMessage, 'firing' | 'atMs'>,
): readonly RuleStatusJson[] {
  const toldMs = firing.at === null ? atMs : Date.parse(firing.at);
  return rules.map((rule) => {
    if (rule.id !== firing.rule) return rule;
    const known = rule.firings.find((each) => each.firing.id === firing.id && each.endedAtMs === null);
    if (firing.phase === 'start') {
      // Told over the socket and read over REST: once is enough.
      if (known) return rule;
      const fired = { ...rule.fired, [firing.source]: (rule.fired[firing.source] ?? 0) + 1 };
      return { ...rule, fired, firings: bounded([{ startedAtMs: toldMs, endedAtMs: null, firing }, ...rule.firings]) };
    }
    if (!known) return rule;
    const ended = { ...known, endedAtMs: Math.max(toldMs, known.startedAtMs), firing };
    return { ...rule, firings: bounded(rule.firings.map((each) => (each === known ? ended : each))) };
  });
}

/** A camera that is there no more takes what fired at it along. */
export function sourceGone(rules: readonly RuleStatusJson[], source: string): readonly RuleStatusJson[] {
  return rules.map((rule) => {
    const { [source]: _, ...fired } = rule.fired;
    return { ...rule, fired, firings: rule.firings.filter(({ firing }) => firing.source !== source) };
  });
}

function bounded(firings: RuleStatusJson['firings']): RuleStatusJson['firings'] {
  let ended = 0;
  return firings.filter(({ endedAtMs }) => endedAtMs === null || ended++ < ENDED_KEPT);
}
