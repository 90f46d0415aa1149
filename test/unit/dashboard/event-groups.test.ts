import { describe, expect, it } from 'vitest';
import { groupEvents, unitLabels } from '../../../dashboards/web/src/model/event-groups.js';
import { filterGroups, NO_FILTER } from '../../../dashboards/web/src/model/filters.js';
import type { EventKind, PageEvent } from '../../../dashboards/web/src/model/state.js';
import { START_MS } from '../../support/dashboard-messages.js';

/** An event of a face from one second to another; null: it goes on. */
function event(
  id: string,
  kind: EventKind,
  [from, to]: readonly [number, number | null],
  more: Partial<PageEvent> = {},
): PageEvent {
  const atMs = START_MS + 1000 * from;
  return {
    id,
    kind,
    source: 'door',
    track: 1,
    label: kind === 'emotion' ? 'happiness' : 'AU12',
    atMs,
    apexMs: atMs,
    endMs: to === null ? null : START_MS + 1000 * to,
    peak: 0.5,
    confidence: 0.9,
    detail: '',
    ...more,
  };
}
const shape = (groups: ReturnType<typeof groupEvents>): string =>
  groups.map(({ event: { id }, units }) => `${id}(${units.map((unit) => unit.id).join('')})`).join(' ');

describe('action units of an expression', () => {
  it.each<[string, readonly [number, number | null], string]>([
    ['lies within it', [11, 13], 'E(u)'],
    ['outlasts it', [11, 30], 'E(u)'],
    ['goes on', [11, null], 'E(u)'],
    ['began shortly before and overlaps it', [9, 12], 'E(u)'],
    ['began shortly before and was over', [9, 9.5], 'u() E()'],
    ['began long before', [5, 12], 'u() E()'],
    ['began after it', [16, 18], 'E() u()'],
  ])('a unit that %s', (_, span, groups) => {
    const events = [event('E', 'emotion', [10, 15]), event('u', 'action-unit', span)].sort((a, b) => a.atMs - b.atMs);
    expect(shape(groupEvents(events))).toBe(groups);
  });

  it('are those of the same face at the same camera; blinks stay rows of their own', () => {
    const events = [
      event('E', 'emotion', [10, null]),
      event('a', 'action-unit', [11, 12], { track: 2 }),
      event('b', 'action-unit', [11, 12], { source: 'desk' }),
      event('c', 'blink', [11, 12]),
      event('d', 'action-unit', [11, 12]),
    ];
    expect(shape(groupEvents(events))).toBe('E(d) a() b() c()');
  });

  it('belong to the expression that they began in rather than to the next', () => {
    const events = [
      event('E', 'emotion', [10, 15]),
      event('u', 'action-unit', [14.8, 18]),
      event('F', 'emotion', [15.2, 20]),
      event('v', 'action-unit', [15.3, 16]),
    ];
    expect(shape(groupEvents(events))).toBe('E(u) F(v)');
  });

  it('are named once each, the strongest first, a side only where nothing stands for both', () => {
    const unit = (label: string, peak: number): PageEvent => event(label, 'action-unit', [0, 1], { label, peak });
    const units = [unit('AU6', 0.4), unit('AU12', 0.3), unit('AU12L', 0.9), unit('AU12', 0.7), unit('AU14R', 0.2)];
    expect(unitLabels(units)).toEqual(['AU12', 'AU6', 'AU14R']);
  });

  it('are rows of their own where a filter asks for them, and count once', () => {
    const events = [
      event('E', 'emotion', [10, 15]),
      event('u', 'action-unit', [11, 12]),
      event('v', 'action-unit', [12, 13], { label: 'AU6' }),
    ];
    const of = (filter: Partial<typeof NO_FILTER>) => {
      const { shown, total } = filterGroups(events, { ...NO_FILTER, ...filter }, 10);
      return `${shape(shown)} of ${total}`;
    };
    expect(of({})).toBe('E(uv) of 1');
    expect(of({ kind: 'action-unit' })).toBe('v() u() of 2');
    expect(of({ kind: 'emotion' })).toBe('E() of 1');
    expect(of({ label: 'AU6' })).toBe('v() of 1');
  });

  it('shows the newest groups only, and how many there are', () => {
    const events = Array.from({ length: 5 }, (_, at) => event(`e${at}`, 'blink', [at, at]));
    const { shown, total } = filterGroups(events, NO_FILTER, 2);
    expect([shape(shown), total]).toEqual(['e4() e3()', 5]);
  });
});
