import { describe, expect, it } from 'vitest';
import { groupsMarkdown, groupsTerminalLines } from '../../../../src/eval/groups/group-lines.js';
import { parseGroupedList } from '../../../../src/eval/groups/grouped-faces.js';
import { scoreGroups } from '../../../../src/eval/groups/score-groups.js';
import { spread, wilson } from '../../../../src/statistics/intervals.js';
import { IN_FLOAT } from '../../../support/settled.js';
import { seen, UNSEEN } from '../../../support/still-readings.js';

const LIST = 'image,sex,age,emotion\na.jpg,f,3-9,happy\nb.jpg,f,20-29,fear\nc.jpg,m,20-29,happy\nd.jpg,m,,neutral\n';
const parse = (text: string, by: readonly string[], label: string | null = null) =>
  parseGroupedList(text, 'l.csv', { image: 'image', by, label });

describe('parseGroupedList', () => {
  it('divides by columns and by columns joined', () => {
    const faces = parse(LIST, ['sex', 'sex+age'], 'emotion');
    expect(faces.map(({ groups, truth }) => [groups, truth])).toEqual([
      [['f', 'f, 3-9'], 1],
      [['f', 'f, 20-29'], 6],
      [['m', 'm, 20-29'], 1],
      [['m', null], 0],
    ]);
  });

  it.each<[string, string, readonly string[], RegExp]>([
    ['a column that is not there', LIST, ['race'], /line 1: no column "race" among image, sex.*--by/],
    ['no rows', 'image,sex\n', ['sex'], /lists no images/],
    ['a row without an image', 'image,sex\n,f\n', ['sex'], /line 2: no image/],
  ])('refuses %s', (_, text, by, message) => expect(() => parse(text, by)).toThrow(message));

  it('refuses a label that is no emotion', () => {
    expect(() => parse('image,sex,emotion\na.jpg,f,bored\n', ['sex'], 'emotion')).toThrow(/line 2: "bored"/);
  });
});

describe('intervals', () => {
  it('are those of Wilson', () => {
    // Newcombe (1998), table I: 81 of 263, 0 of 20.
    const rounded = (part: number, whole: number) => wilson(part, whole)!.map((end) => Number(end.toFixed(4)));
    expect(rounded(81, 263)).toEqual([0.2553, 0.3662]);
    expect(rounded(0, 20)).toEqual([0, 0.1611]);
    expect(wilson(0, 0)).toBeNull();
  });

  it('are told of a number that most resamples have', () => {
    expect(spread(Array.from({ length: 400 }, (_, at) => at))).toEqual([10, 389]);
    expect(spread(Array.from({ length: 400 }, (_, at) => (at < 210 ? Number.NaN : 1)))).toBeNull();
  });
});

describe('scoreGroups', () => {
  const readings = [seen({ '12': 0.9 }, 'happiness'), UNSEEN, seen({ '12': 0.2 }, 'fear'), seen({ '12': 0.1 })];
  const scored = scoreGroups({
    faces: parse(LIST, ['sex', 'age'], 'emotion'),
    readings,
    by: ['sex', 'age'],
    units: ['12'],
  });

  it('counts what was found of all, and shares of what was read', () => {
    const [{ groups }] = scored.divisions as [(typeof scored.divisions)[number]];
    expect(groups.map(({ group, images, found, right }) => [group, images, found.count, right!.count])).toEqual([
      ['f', 2, 1, 1],
      ['m', 2, 2, 1],
    ]);
    expect(groups[1]!.topEmotions.map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 0, 1, 0]);
    expect(groups[0]!.unitsPresent).toEqual([{ count: 1, of: 1, share: 1, interval: wilson(1, 1) }]);
    expect(groups[0]!.meanEmotions[1]).toBe(1);
    expect(groups[0]!.validity).toMatchObject({ ok: 1, 'no-face': 1 });
  });

  it('leaves a picture without a group out of that division alone, and sorts ages by their numbers', () => {
    expect(scored.divisions[1]!.groups.map(({ group, images }) => [group, images])).toEqual([
      ['3-9', 1],
      ['20-29', 2],
    ]);
    expect(scored.all.images).toBe(4);
  });

  it('shows each group, and the largest gap', () => {
    const report = {
      schema: 'mien-eval-groups/1',
      mienVersion: '1',
      data: { kind: 'groups', list: 'l.csv', images: '.' },
      model: {
        id: 'mien-affect',
        version: '1',
        device: { asked: 'cpu', used: 'cpu', problem: null },
        precision: IN_FLOAT,
      },
      emotions: ['neutral'],
      units: ['12'],
      ...scored,
    } as const;
    const lines = groupsTerminalLines(report).join('\n');
    expect(lines).toMatch(/sex: f +2 +0\.500 \[0\.095, 0\.905\]/);
    expect(lines).toContain('sex, found: 0.500 between m (1.000) and f (0.500)');
    expect(groupsMarkdown(report)).toMatch(/\| sex: m \| 0\.00 \|/);
  });
});
