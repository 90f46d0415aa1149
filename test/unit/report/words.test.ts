import { describe, expect, test } from 'vitest';
import { actionUnit } from '../../../src/domain/action-units.js';
import type { Emotion } from '../../../src/domain/affect.js';
import { escapeHtml, jsonForScript } from '../../../src/report/escape.js';
import { clock, duration, percent } from '../../../src/report/format.js';
import { type PlainSummaryInput, plainSummary } from '../../../src/report/plain-summary.js';
import { timeTicks } from '../../../src/view/clock-words.js';
import { reportFixture } from '../../support/report-fixture.js';

const spaced = (text: string): string => text.replaceAll('\u00a0', ' ');

test.each([
  [0, '0:00.0'],
  [7.44, '0:07.4'],
  [59.96, '1:00.0'],
  [3723.04, '1:02:03.0'],
])('clock(%d) is %s', (seconds, text) => expect(clock(seconds)).toBe(text));

test.each([
  [8.44, '8.4 s'],
  [60, '1 min'],
  [65.2, '1 min 5 s'],
  [7380, '2 h 3 min'],
])('duration(%d) is %s', (seconds, text) => expect(spaced(duration(seconds))).toBe(text));

test.each([
  [1, '100 %'],
  [0.9999, '99.9 %'],
  [0.5, '50 %'],
  [0.001, '< 0.5 %'],
  [0, '0 %'],
])('percent(%d) is %s', (share, text) => expect(spaced(percent(share))).toBe(text));

test('ticks are round and inside the window', () => {
  expect(timeTicks({ from: 0, to: 60, count: 6 })).toEqual({ step: 10, ticks: [0, 10, 20, 30, 40, 50, 60] });
  expect(timeTicks({ from: 3.05, to: 3.6, count: 4 }).step).toBe(0.2);
  expect(timeTicks({ from: 0, to: 36_000, count: 5 }).step).toBe(7200);
});

test('text cannot leave its place', () => {
  expect(escapeHtml(`<a b="c" d='e'>&\u0000\u202e`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;\ufffd\ufffd');
  const value = { '</script>': '<!-- & \u2028 \u202e' };
  expect(jsonForScript(value)).not.toMatch(/[<>&\u2028\u202e]/);
  expect(JSON.parse(jsonForScript(value))).toEqual(value);
});

describe('plainSummary', () => {
  const told = (input: PlainSummaryInput): string => {
    const { before, seen, after } = plainSummary(input);
    return spaced(before + seen + after);
  };
  const { summary, episodes } = reportFixture({ seconds: 60 });
  const base = {
    summary,
    durationSeconds: 60,
    tracks: 2,
    people: null,
    labelSeconds: new Map(),
    units: [],
    episodes,
    emotions: true,
  };
  const say = (labels: readonly (readonly [Emotion | null, number])[], tracks = 2) =>
    told({ ...base, tracks, labelSeconds: new Map(labels) });

  test('names what shows most, then the clearest other expression', () => {
    expect(
      say([
        ['neutral', 60],
        ['happiness', 30],
        [null, 10],
      ]),
    ).toBe(
      'A face could be read in 98 % of this 1 min video, in which two faces were followed; the visible expression was mostly neutral (60 % of that time), then happiness (30 %), clearest at 0:07.7.',
    );
  });

  test.each([
    [say([[null, 10]], 1), /one face was followed; no expression was held long enough to be named\.$/],
    [say([['anger', 10]], 1), /mostly anger \(100 % of that time\)\.$/],
    [say([], 0), /^No face was found in this 1 min video\.$/],
  ])('%s', (text, pattern) => expect(text).toMatch(pattern));

  test.each([
    [['12'], / The longest active facial movement was AU12 lip corner puller \(40 % of the readable time\)\.$/],
    [
      ['12', '6', '25', '1'],
      / movements were AU12 lip corner puller \(40 % of the readable time\), AU6 cheek raiser \(20 %\) and AU25 lips part \(13 %\)\.$/,
    ],
  ])('names the longest active action units of %j', (keys, pattern) => {
    const units = keys.map((key, at) => [actionUnit(key), 0.4 / (at + 1)] as const);
    expect(told({ ...base, labelSeconds: new Map([['anger', 10]]), units })).toMatch(pattern);
  });

  test('says that no emotion was inferred where only movements were asked for', () => {
    const units = [[actionUnit('12'), 0.5]] as const;
    expect(told({ ...base, emotions: false, units })).toMatch(
      /followed\. No emotion was inferred: .*\(au-only\)\. The longest active facial movement was AU12/,
    );
  });

  test.each([
    [2, 'two people were seen'],
    [1, 'one person was seen'],
    [0, 'nobody of interest was seen'],
    [12, '12 people were seen'],
  ])('counts %d people where it is known who is who', (people, seen) =>
    expect(plainSummary({ ...base, people }).seen).toBe(seen),
  );

  test('says when no face was ever readable', () => {
    const none = { ...summary, coverage: { ...summary.coverage, ok: 0 } };
    const text = told({ ...base, summary: none, tracks: 1, units: [[actionUnit('12'), 0.5]] });
    expect(text).toBe('In this 1 min video one face was followed, but never well enough to be read.');
  });
});
