import { describe, expect, it } from 'vitest';
import { alertSentence, alertWords, sinceText, valueText } from '../../../dashboards/web/src/alert-words.js';
import { alertsOf, isUrgent, lastEnded, type Spoken, toSpeak } from '../../../dashboards/web/src/model/alerts.js';
import { reduce, rulesTold } from '../../../dashboards/web/src/model/reduce.js';
import { type DashboardState, EMPTY_STATE, KEEP } from '../../../dashboards/web/src/model/state.js';
import type { RuleMessage, ServerMessage } from '../../../dashboards/web/src/model/wire.js';
import { cameraState, START_MS, welcome } from '../../support/dashboard-messages.js';
import { firingOf } from '../../support/rule-builders.js';

/** A firing that began so many seconds after START_MS. */
function ruleMessage(seconds: number, more: Partial<RuleMessage['firing']> = {}): RuleMessage {
  const source = more.source ?? 'door';
  const at = new Date(START_MS + 1000 * seconds).toISOString();
  const firing = { ...firingOf({ id: `${source}/smiles/1`, source, track: 2, at }), ...more };
  return { type: 'rule', seq: 1, source, atMs: START_MS + 1000 * seconds + 20, firing };
}
const ending = (seconds: number, more: Partial<RuleMessage['firing']> = {}): RuleMessage =>
  ruleMessage(seconds, { phase: 'end', endedUs: 5e6, endReason: 'released', ...more });

const stateAfter = (messages: readonly ServerMessage[], start: DashboardState = EMPTY_STATE): DashboardState =>
  messages.reduce((state, message) => reduce(state, message, START_MS), start);
const awayOf = (id: string) => cameraState(id, { status: 'waiting', since: new Date(START_MS).toISOString() });
const nameOf = (source: string): string => ({ door: 'Front door' })[source] ?? source;

describe('firings of rules', () => {
  it('begin and end under one id, dated by what fired', () => {
    const going = stateAfter([welcome(), ruleMessage(3)]);
    expect(going.firings).toMatchObject([{ rule: 'smiles', atMs: START_MS + 3000, endMs: null }]);
    expect(stateAfter([ending(9)], going).firings).toMatchObject([{ atMs: START_MS + 3000, endMs: START_MS + 9000 }]);
  });

  it('of which only the end was seen began as long before as media time says', () => {
    expect(stateAfter([welcome(), ending(9)]).firings).toMatchObject([
      { atMs: START_MS + 5000, endMs: START_MS + 9000 },
    ]);
  });

  it('are known from before the page was opened; what is read of the past undoes nothing', () => {
    const { firings } = stateAfter([ruleMessage(1)]);
    const told = rulesTold(stateAfter([welcome()]), { rules: 4, firings });
    expect(told).toMatchObject({ rules: 4, firings: [{ rule: 'smiles', endMs: null }] });
    const ended = stateAfter([welcome(), ruleMessage(1), ending(9)]);
    expect(rulesTold(ended, { rules: 4, firings }).firings).toMatchObject([{ endMs: START_MS + 9000 }]);
  });

  it('count anew once a camera was replaced', () => {
    const state = stateAfter([welcome(), ruleMessage(1), ending(9), ruleMessage(60)]);
    expect(state.firings).toMatchObject([{ atMs: START_MS + 60_000, endMs: null }]);
  });

  it('end at a camera that is removed, and are forgotten with another run of the server', () => {
    const going = stateAfter([welcome(), ruleMessage(0), ruleMessage(0, { source: 'desk' })]);
    const removed = stateAfter([{ type: 'removed', seq: 2, source: 'door' }], going);
    expect(removed.firings.map(({ endMs }) => endMs === null)).toEqual([false, true]);
    expect(stateAfter([welcome({ epoch: 'two' })], going).firings).toEqual([]);
  });

  it('are bounded, and those that go on stay', () => {
    const many = Array.from({ length: KEEP.firings + 10 }, (_, at) => ending(20 + at, { id: `door/x/${at}` }));
    const state = stateAfter([welcome(), ruleMessage(0), ...many]);
    expect(state.firings).toHaveLength(KEEP.firings);
    expect(state.firings[0]!.endMs).toBeNull();
  });
});

describe('alerts', () => {
  it('are rules that go on, newest first, then cameras in trouble', () => {
    const state = stateAfter([
      welcome(),
      { type: 'state', seq: 1, state: awayOf('desk') },
      ruleMessage(3),
      ruleMessage(5, { id: 'door/nobody/1', rule: 'nobody' }),
      ruleMessage(7, { id: 'door/done/1', rule: 'done' }),
      ending(8, { id: 'door/done/1', rule: 'done' }),
    ]);
    expect(alertsOf(state).map((alert) => alertWords(alert, nameOf).title)).toEqual(['nobody', 'smiles', 'Offline']);
  });

  it('are urgent but for reading that is reduced, which comes last', () => {
    const reduced = { since: new Date(START_MS).toISOString(), looks: ['affect' as const], perSecond: 10 };
    const state = stateAfter([
      welcome({ sources: [cameraState('door', { reduced }), awayOf('desk')] }),
      ruleMessage(3),
    ]);
    expect(alertsOf(state).map((alert) => [alertWords(alert, nameOf).title, isUrgent(alert)])).toEqual([
      ['smiles', true],
      ['Offline', true],
      ['Reading reduced', false],
    ]);
  });

  it('of many cameras in the same trouble are one', () => {
    const log = stateAfter([welcome({ sources: ['a', 'b', 'c'].map(awayOf) })]).log;
    const alerts = alertsOf({ log, firings: [] });
    expect(alerts.map((alert) => alertWords(alert, nameOf))).toEqual([{ title: 'Offline', place: '3 cameras' }]);
    expect(alertsOf({ log: log.slice(0, 2), firings: [] })).toHaveLength(2);
  });

  it('say where, what was measured and since when', () => {
    const [alert] = alertsOf(stateAfter([welcome(), ruleMessage(3, { zone: 'porch' })]));
    expect(alertSentence(alert!, nameOf)).toMatch(
      /^smiles: Front door, face 2, in porch, 83\u00a0%, since \d\d:\d\d:\d\d$/,
    );
  });

  it.each([
    ['expression', 0.834, '83\u00a0%'],
    ['action-unit', 3.24, '3.2 of 5'],
    ['valence', -0.4, 'valence -0.40'],
    ['faces', 1, '1 face'],
    ['camera', null, ''],
  ] as const)('of %s with %s measured say "%s"', (condition, value, text) =>
    expect(valueText({ condition, value })).toBe(text),
  );

  it.each([
    [-0.4, 'now'],
    [0.9, 'now'],
    [9.9, '9\u00a0s'],
    [190, '3\u00a0min 10\u00a0s'],
  ])('that began %f seconds ago say "%s"', (seconds, text) => expect(sinceText(seconds)).toBe(text));

  it('tell of what ended last, for five minutes', () => {
    const { firings } = stateAfter([welcome(), ruleMessage(0), ending(4)]);
    expect(lastEnded(firings, START_MS + 10_000)).toMatchObject({ rule: 'smiles' });
    expect(lastEnded(firings, START_MS + 400_000)).toBeNull();
    expect(lastEnded(stateAfter([ruleMessage(0)]).firings, START_MS)).toBeNull();
  });
});

describe('what is spoken of alerts', () => {
  const going = (...ids: readonly string[]) =>
    alertsOf(stateAfter([welcome(), ...ids.map((id, at) => ruleMessage(at, { id, rule: id }))]));
  const silent: Spoken = { keys: new Set(), atMs: 0 };
  const spokenAt = (alerts: ReturnType<typeof going>, nowMs: number, spoken = silent) => {
    const next = toSpeak(alerts, spoken, nowMs);
    return { said: next.alerts.map(({ key }) => key), spoken: next.spoken };
  };

  it('is each that begins, once', () => {
    const first = spokenAt(going('a'), 10_000);
    expect(first.said).toEqual(['a']);
    expect(spokenAt(going('a'), 99_000, first.spoken).said).toEqual([]);
    expect(spokenAt(going('a', 'b'), 99_000, first.spoken).said).toEqual(['b']);
  });

  it('waits until the last words are over, and leaves out what has ended by then', () => {
    const first = spokenAt(going('a'), 10_000);
    const soon = spokenAt(going('a', 'b', 'c'), 11_000, first.spoken);
    expect(soon.said).toEqual([]);
    expect(spokenAt(going('a', 'c'), 17_000, soon.spoken).said).toEqual(['c']);
  });

  it('comes again for what ended and began anew, and has nothing of cameras, whose states are announced', () => {
    const first = spokenAt(going('a'), 10_000);
    const ended = spokenAt([], 20_000, first.spoken);
    expect(spokenAt(going('a'), 30_000, ended.spoken).said).toEqual(['a']);
    const { log } = stateAfter([welcome({ sources: [awayOf('door')] })]);
    expect(spokenAt(alertsOf({ log, firings: [] }), 10_000).said).toEqual([]);
  });
});
