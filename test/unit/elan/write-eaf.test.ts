import { describe, expect, test } from 'vitest';
import type { EpisodeKind } from '../../../src/domain/episode-kind.js';
import { micros } from '../../../src/domain/units.js';
import { elanLink, seriesConfiguration } from '../../../src/elan/links.js';
import { parseEaf } from '../../../src/elan/read-eaf.js';
import { labelOfValue, tierName, tierSubject } from '../../../src/elan/tiers.js';
import { type EafContent, type EafEntry, eafText } from '../../../src/elan/write-eaf.js';
import { parseXml } from '../../../src/elan/xml.js';
import { eafProblems } from '../../support/eaf-checker.js';

const entry = (
  kind: EpisodeKind,
  label: string,
  [fromMs, toMs]: readonly [number, number],
  more: Partial<EafEntry> = {},
): EafEntry => ({
  person: 1,
  kind,
  label,
  rater: null,
  onsetUs: micros(fromMs * 1000),
  offsetUs: micros(toMs * 1000),
  ...more,
});

function written(entries: readonly EafEntry[], more: Partial<EafContent> = {}): string {
  const content: EafContent = {
    media: elanLink('/videos/a "b" & ä.mp4', '/results/talk/talk.eaf'),
    linked: [],
    people: [{ person: 1, name: null }],
    entries,
    units: ['1', '12', '12L'],
    properties: { 'mien:source': 'talk' },
    ...more,
  };
  return [...eafText(content)].join('');
}

const tiersOf = (text: string) =>
  parseEaf(text, 'x').tiers.map(({ id, annotations }) => [
    id,
    ...annotations.map(({ value, fromUs, toUs }) => `${value} ${fromUs / 1000}..${toUs / 1000}`),
  ]);

test('a tier for each person and kind, one for each action unit, in order', () => {
  const text = written(
    [
      entry('action-unit', 'AU12', [100, 900]),
      entry('action-unit', 'AU1', [200, 300]),
      entry('emotion', 'happiness', [0, 1000]),
      entry('emotion', 'anger', [1000, 1200.6]),
      entry('blink', 'blink', [50, 50.2], { person: 2 }),
    ],
    {
      people: [
        { person: 1, name: 'P01 & <co>' },
        { person: 2, name: null },
      ],
    },
  );
  expect(eafProblems(text)).toEqual([]);
  expect(tiersOf(text)).toEqual([
    ['Person 1 emotion', 'happiness 0..1000', 'anger 1000..1201'],
    ['Person 1 AU1', 'AU1 200..300'],
    ['Person 1 AU12', 'AU12 100..900'],
    ['Person 1 blink'],
    ['Person 1 speech'],
    ['Person 2 emotion'],
    ['Person 2 blink', 'blink 50..51'],
    ['Person 2 speech'],
  ]);
  expect(parseEaf(text, 'x').tiers.map(({ participant }) => participant)).toEqual([
    ...Array(5).fill('P01 & <co>'),
    ...Array(3).fill('Person 2'),
  ]);
});

test('annotations that overlap by more than rounding get a further tier', () => {
  const text = written([
    entry('emotion', 'happiness', [0, 1000.6]),
    entry('emotion', 'anger', [1000.4, 1500]),
    entry('emotion', 'fear', [1200, 1300]),
  ]);
  expect(eafProblems(text)).toEqual([]);
  expect(tiersOf(text).slice(0, 2)).toEqual([
    ['Person 1 emotion', 'happiness 0..1001', 'anger 1001..1500'],
    ['Person 1 emotion (2)', 'fear 1200..1300'],
  ]);
});

test('tiers of a rater beside the measured ones, and a unit that no model reads', () => {
  const rater = 'anna';
  const text = written([
    entry('emotion', 'sadness', [1, 2], { rater }),
    entry('action-unit', 'AU43', [1, 2], { rater }),
  ]);
  expect(eafProblems(text)).toEqual([]);
  expect(tiersOf(text).map(([id]) => id)).toEqual([
    'Person 1 emotion',
    'Person 1 blink',
    'Person 1 speech',
    'Person 1 emotion@anna',
    'Person 1 AU43@anna',
    'Person 1 blink@anna',
    'Person 1 speech@anna',
  ]);
});

test('of nobody: still a document', () => {
  expect(eafProblems(written([], { people: [] }))).toEqual([]);
});

describe('the check of these tests finds what the schema and ELAN refuse', () => {
  const right = written([
    entry('emotion', 'anger', [1, 2]),
    entry('emotion', 'fear', [5, 9]),
    entry('blink', 'blink', [3, 4]),
  ]);

  test.each([
    ['DATE="2000-01-01T00:00:00Z"', 'DATE="yesterday"', 'DATE cannot be yesterday'],
    ['TIME_UNITS="milliseconds"', 'TIME_UNITS="seconds"', 'TIME_UNITS cannot be seconds'],
    [' MIME_TYPE="video/mp4"', '', '<MEDIA_DESCRIPTOR> has no MIME_TYPE!'],
    ['<TIME_ORDER>', '<TIME_ORDER COUNT="6">', '<TIME_ORDER> cannot have COUNT'],
    [/<TIME_ORDER>[\s\S]*<\/TIME_ORDER>/, '', '<ANNOTATION_DOCUMENT> has 0 TIME_ORDER!'],
    [
      /(<HEADER [\s\S]*<\/HEADER>\s*)(<TIME_ORDER>[\s\S]*<\/TIME_ORDER>)/,
      '$2$1',
      'children of <ANNOTATION_DOCUMENT> in no order',
    ],
    [/<ALIGNABLE_ANNOTATION [\s\S]*?<\/ALIGNABLE_ANNOTATION>/, '', '<ANNOTATION> is not of one'],
    [/<ANNOTATION_VALUE>anger<\/ANNOTATION_VALUE>/, '', '<ALIGNABLE_ANNOTATION> has 0 ANNOTATION_VALUE!'],
    [/<CVE_VALUE [\s\S]*?<\/CVE_VALUE>/, '', '<CV_ENTRY_ML> has 0 CVE_VALUE+'],
    ['LANG_ID="und"', 'LANG_ID="ts1"', 'ts1 is there twice'],
    ['ANNOTATION_ID="a1"', 'ANNOTATION_ID="1"', '1 is no xsd:ID'],
    ['TIME_SLOT_REF1="ts1"', 'TIME_SLOT_REF1="a2"', 'TIME_SLOT_REF1 a2 is nowhere'],
    ['TIER_ID="Person 1 blink"', 'TIER_ID="Person 1 emotion"', 'Person 1 emotion is there twice'],
    ['LINGUISTIC_TYPE_ID="blink"', 'LINGUISTIC_TYPE_ID="wink"', 'LINGUISTIC_TYPE_REF blink is nowhere'],
    ['CV_ID="blink"', 'CV_ID="wink"', 'CONTROLLED_VOCABULARY_REF blink is nowhere'],
    ['CVE_REF="cveid_emotion_anger"', 'CVE_REF="cveid_emotion_fear"', 'CVE_REF cveid_emotion_fear is not of anger'],
    [
      'LINGUISTIC_TYPE_ID="blink" TIME_ALIGNABLE="true"',
      'LINGUISTIC_TYPE_ID="blink" TIME_ALIGNABLE="false"',
      '<ALIGNABLE_ANNOTATION> in Person 1 blink',
    ],
    [
      'TIER_ID="Person 1 blink"',
      'PARENT_REF="Person 1 emotion" TIER_ID="Person 1 blink"',
      'Person 1 blink and its type disagree on a parent',
    ],
    ['TIME_VALUE="1"', 'TIME_VALUE="7"', 'time slots in no order at 2'],
    ['TIME_SLOT_REF2="ts2"', 'TIME_SLOT_REF2="ts4"', 'annotations of Person 1 emotion overlap at 5'],
  ])('%s', (from, to, problem) => {
    expect(eafProblems(right)).toEqual([]);
    expect(eafProblems(right.replace(from, to))).toContain(problem);
  });
});

test('a label outside of the vocabulary refers to no entry of it', () => {
  expect(eafProblems(written([entry('emotion', 'bored', [0, 10])]))).toEqual(['bored is not in the vocabulary']);
});

describe('links are as ELAN writes them', () => {
  test('absolute, and relative to the ELAN file', () => {
    const link = (path: string) => elanLink(path, '/results/talk/talk.eaf');
    expect(link('/videos/my talk.MP4')).toEqual({
      url: 'file:///videos/my talk.MP4',
      relativeUrl: '../../videos/my talk.MP4',
      mimeType: 'video/mp4',
    });
    expect(link('/results/talk/x_tsconf.xml')).toMatchObject({ relativeUrl: './x_tsconf.xml', mimeType: 'text/xml' });
    expect(link('/results/talk/x.ts')).toMatchObject({ mimeType: 'video/*' });
    expect(parseEaf(written([]), 'x').mediaUrl).toBe('file:///videos/a "b" & ä.mp4');
  });

  test('the track file is linked with the video, its configuration is not', () => {
    const linked = ['/r/t.csv', '/r/t_tsconf.xml'].map((path) => elanLink(path, '/r/t.eaf'));
    const text = written([], { linked });
    expect(eafProblems(text)).toEqual([]);
    const header = parseXml(text, 'x').children[0]!;
    const links = header.children.filter(({ name }) => name === 'LINKED_FILE_DESCRIPTOR');
    expect(
      links.map(({ attributes }) => [attributes.get('RELATIVE_LINK_URL'), attributes.has('ASSOCIATED_WITH')]),
    ).toEqual([
      ['./t.csv', true],
      ['./t_tsconf.xml', false],
    ]);
  });

  test('a configuration says where time and values are', () => {
    const text = seriesConfiguration('/r/t & u.csv', [
      { column: 3, name: 'p1_valence', min: -1, max: 1, colour: '#01ff10' },
    ]);
    const [source] = parseXml(text, 'x').children;
    expect(source!.attributes.get('source-url')).toBe('file:///r/t & u.csv');
    expect(source!.attributes.get('time-column')).toBe('0');
    const track = source!.children[1]!;
    expect(track.attributes.get('name')).toBe('p1_valence');
    expect(track.children.find(({ name }) => name === 'color')!.text).toBe('1,255,16');
    expect(track.children.find(({ name }) => name === 'sample-position')!.children[0]!.attributes.get('col')).toBe('3');
  });
});

describe('names of tiers', () => {
  test.each([
    [{ person: 1, kind: 'emotion', label: null, rater: null }, 'Person 1 emotion'],
    [{ person: 12, kind: 'action-unit', label: 'AU12L', rater: null }, 'Person 12 AU12L'],
    [{ person: 1, kind: 'blink', label: null, rater: 'rater_2' }, 'Person 1 blink@rater_2'],
  ] as const)('%o', (subject, name) => {
    expect(tierName(subject)).toBe(name);
    expect(tierSubject(name)).toEqual(subject);
    expect(tierSubject(tierName(subject, 3))).toEqual(subject);
  });

  test.each(['default', 'Person emotion', 'Person 0 emotion', 'Person 1 smile', 'Person 1 emotion@', 'Person 1 AU0'])(
    'not ours: %s',
    (name) => {
      expect(tierSubject(name)).toBeNull();
    },
  );

  test('values in any case, and only those of the tier', () => {
    const emotion = tierSubject('Person 1 emotion')!;
    expect(labelOfValue(emotion, ' Happiness ')).toBe('happiness');
    expect(labelOfValue(emotion, 'AU12')).toBeNull();
    const unit = tierSubject('Person 1 AU12')!;
    expect(labelOfValue(unit, 'au12')).toBe('AU12');
    expect(labelOfValue(unit, 'AU1')).toBeNull();
  });
});
