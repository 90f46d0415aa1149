import { describe, expect, it } from 'vitest';
import { doWords, durationText, placeWords, whenWords } from '../../../dashboards/web/src/model/rule-words.js';
import { ENDED_KEPT, firingTold, sourceGone } from '../../../dashboards/web/src/model/rules-told.js';
import type { Rule, RuleCondition } from '../../../src/domain/rules.js';
import type { RuleStatusJson } from '../../../src/protocol/rule-schema.js';
import { firingOf, ruleOf } from '../../support/rule-builders.js';

const status = (more: Partial<Rule> = {}): RuleStatusJson =>
  ({ ...ruleOf(more), fired: {}, firings: [] }) as unknown as RuleStatusJson;
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('a rule in words', () => {
  it.each<[RuleCondition, string]>([
    [
      { type: 'expression', is: ['happiness', 'surprise'], sure: 0.6 },
      'happiness or surprise, at least 60 % sure, for 1 s',
    ],
    [
      { type: 'action-unit', unit: '12', intensity: 1.5, sure: 0.5 },
      'AU12 lip corner puller, intensity at least 1.5, at least 50 % sure, for 1 s',
    ],
    [{ type: 'valence', above: null, below: -0.3 }, 'valence at most -0.3, for 1 s'],
    [{ type: 'valence', above: 0.1, below: 0.4 }, 'valence from 0.1 to 0.4, for 1 s'],
    [{ type: 'faces', least: null, most: 0 }, 'nobody in view, for 1 s'],
    [{ type: 'faces', least: 1, most: null }, 'at least 1 face in view, for 1 s'],
    [{ type: 'faces', least: 2, most: 2 }, '2 faces in view, for 1 s'],
    [{ type: 'faces', least: 2, most: 4 }, 'from 2 to 4 faces in view, for 1 s'],
    [{ type: 'camera', is: ['away', 'damaged'] }, 'no pictures come or pictures arrive damaged, for 1 s'],
  ])('%o', (when, words) => expect(plain(whenWords(status({ when })))).toBe(words));

  it('says where and when it counts, and what it does', () => {
    const hours = { fromMinute: 22 * 60, toMinute: 6 * 60 + 30, days: [1, 2] };
    const night = status({ when: { type: 'faces', least: 1, most: null }, zone: 'till', forMs: 0, hours });
    expect(whenWords(night)).toBe('at least 1 face in view, in zone till, 22:00 to 06:30 on Monday, Tuesday');
    expect(doWords([{ type: 'webhook', to: 'alerts' }, { type: 'log' }, { type: 'mqtt' }, { type: 'record' }])).toBe(
      'webhook alerts, a line in the log, MQTT, keeps a clip',
    );
    const nameOf = (id: string) => (id === 'door' ? 'Front door' : id);
    expect([placeWords(null, nameOf), placeWords(['door', 'yard'], nameOf)]).toEqual([
      'at every camera',
      'at Front door, yard',
    ]);
  });

  it.each([
    [200, '200 ms'],
    [1500, '1.5 s'],
    [60_000, '1 min'],
    [90_000, '90 s'],
    [7_200_000, '2 h'],
  ])('%i ms are %s', (ms, text) => expect(plain(durationText(ms))).toBe(text));
});

describe('rules as they are told', () => {
  const start = (ordinal: number, source = 'door') => ({
    firing: firingOf({ id: `${source}/smiles/${ordinal}`, source, at: null }),
    atMs: ordinal * 1000,
  });
  const end = (ordinal: number, source = 'door') => ({
    firing: { ...start(ordinal, source).firing, phase: 'end' as const, endReason: 'released' as const },
    atMs: ordinal * 1000 + 400,
  });
  const shown = ([rule]: readonly RuleStatusJson[]) =>
    rule!.firings.map(({ firing, startedAtMs, endedAtMs }) => [firing.id, startedAtMs, endedAtMs]);

  it('begin and end, each counted once', () => {
    let rules: readonly RuleStatusJson[] = [status(), status({ id: 'other' })];
    for (const message of [start(1), start(1), end(1), start(2), start(1, 'yard')]) rules = firingTold(rules, message);
    expect(shown(rules)).toEqual([
      ['yard/smiles/1', 1000, null],
      ['door/smiles/2', 2000, null],
      ['door/smiles/1', 1000, 1400],
    ]);
    expect(rules.map(({ fired }) => fired)).toEqual([{ door: 2, yard: 1 }, {}]);
    expect(sourceGone(rules, 'door').map(({ fired }) => fired)).toEqual([{ yard: 1 }, {}]);
    expect(shown(sourceGone(rules, 'door'))).toEqual([['yard/smiles/1', 1000, null]]);
  });

  it('keep a bounded past, and all that goes on', () => {
    let rules: readonly RuleStatusJson[] = firingTold([status()], start(0, 'yard'));
    for (let at = 1; at <= ENDED_KEPT + 5; at++) rules = firingTold(firingTold(rules, start(at)), end(at));
    expect(shown(rules)).toHaveLength(ENDED_KEPT + 1);
    expect(shown(rules).at(-1)).toEqual(['yard/smiles/0', 0, null]);
    expect(firingTold(rules, end(99))).toEqual(rules);
  });
});
