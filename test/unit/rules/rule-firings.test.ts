import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../../../src/domain/live.js';
import { RuleFirings } from '../../../src/rules/rule-firings.js';
import { firingOf, ruleOf } from '../../support/rule-builders.js';

const NOON = Date.parse('2026-01-15T12:00:00.000Z');
const after = (seconds: number): string => new Date(NOON + seconds * 1000).toISOString();
const told = (firing: Parameters<typeof firingOf>[0]): LiveEvent => {
  const whole = firingOf(firing);
  return { type: 'rule', source: whole.source, firing: whole, wallTimeMs: Date.parse(whole.at ?? after(0)) };
};
const start = (id: string, seconds: number, source = 'door') => told({ id, source, at: after(seconds) });
const end = (id: string, seconds: number, source = 'door') =>
  told({ id, source, phase: 'end', at: after(seconds), endReason: 'released' });

function firings(events: readonly LiveEvent[], bounds: { retainMs?: number; capacity?: number } = {}) {
  const all = new RuleFirings({ rules: [ruleOf()], retainMs: 60_000, capacity: 100, ...bounds });
  for (const event of events) all.take(event);
  return all;
}
const shown = (all: RuleFirings, seconds: number) =>
  all
    .statuses(NOON + seconds * 1000)[0]!
    .firings.map(({ firing, startedAtMs, endedAtMs }) => [
      firing.id,
      (startedAtMs - NOON) / 1000,
      endedAtMs === null ? null : (endedAtMs - NOON) / 1000,
    ]);

describe('what rules fired on', () => {
  it('is told newest first, with its beginning and end, and counted by camera', () => {
    const all = firings([start('a', 0), end('a', 3), start('b', 5, 'yard'), start('c', 6), end('c', 7)]);
    expect(shown(all, 8)).toEqual([
      ['c', 6, 7],
      ['b', 5, null],
      ['a', 0, 3],
    ]);
    expect(all.statuses(NOON)[0]!.fired).toEqual({ door: 2, yard: 1 });
  });

  it('has every rule, also one that never fired', () => {
    const rules = [ruleOf({ id: 'quiet' })];
    const all = new RuleFirings({ rules, retainMs: 1000, capacity: 10 });
    expect(all.statuses(NOON)).toEqual([{ rule: rules[0], fired: {}, firings: [] }]);
  });

  it('is forgotten with time and number, but not while it goes on', () => {
    const events = [start('on', 0), start('a', 1, 'yard'), end('a', 2, 'yard'), start('b', 30), end('b', 31)];
    expect(shown(firings(events), 60).map(([id]) => id)).toEqual(['b', 'a', 'on']);
    expect(shown(firings(events), 63).map(([id]) => id)).toEqual(['b', 'on']);
    expect(shown(firings(events), 6000).map(([id]) => id)).toEqual(['on']);
    expect(shown(firings(events, { capacity: 2 }), 31).map(([id]) => id)).toEqual(['b', 'on']);
  });

  it('goes with its camera, and an end that comes after is nothing', () => {
    const events: LiveEvent[] = [
      start('a', 0),
      start('b', 0, 'yard'),
      { type: 'removed', source: 'door' },
      end('a', 1),
    ];
    const all = firings(events);
    expect(shown(all, 2)).toEqual([['b', 0, null]]);
    expect(all.statuses(NOON)[0]!.fired).toEqual({ yard: 1 });
  });

  it('does not end before it began: a camera that fell silent was last met earlier', () => {
    expect(shown(firings([start('a', 5), end('a', 4)]), 6)).toEqual([['a', 5, 5]]);
  });
});
