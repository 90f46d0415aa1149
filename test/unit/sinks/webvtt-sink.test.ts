import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Episode } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { createWebVttSink, insightCue, vttTime } from '../../../src/sinks/webvtt-sink.js';
import { insightOf } from '../../support/insight-builder.js';
import { episode } from '../../support/record-builders.js';
import { tempFolders } from '../../support/temp-folder.js';
import { checkCueText, readVtt } from '../../support/webvtt-checker.js';

const folder = tempFolders();
const at = (onsetMs: number, offsetMs: number, more: Partial<Episode> = {}): Episode =>
  episode({ onsetUs: micros(onsetMs * 1000), offsetUs: micros(offsetMs * 1000), ...more });

async function written(episodes: readonly Episode[], maxCues?: number) {
  const dir = folder();
  const sink = await createWebVttSink({ base: join(dir, 'x'), overwrite: false }, maxCues ? { maxCues } : {});
  for (const each of episodes) await sink.episode(each);
  await sink.close();
  const read = (ending: string) => readVtt(readFileSync(join(dir, `x${ending}`), 'utf8'));
  return { metadata: read('.metadata.vtt'), captions: read('.captions.vtt'), sink };
}

test.each([
  [0, '00:00:00.000'],
  [61_001, '00:01:01.001'],
  [3_599_999, '00:59:59.999'],
  [360_000_000, '100:00:00.000'],
])('%d ms is %s', (ms, text) => {
  expect(vttTime(ms)).toBe(text);
});

test('episodes arrive by their end and leave by their onset', async () => {
  const { metadata, captions } = await written([at(3000, 3500), at(1000, 4000, { track: 2 }), at(1000, 5000)]);
  expect(metadata.map(({ beginMs, endMs }) => [beginMs, endMs])).toEqual([
    [1000, 4000],
    [1000, 5000],
    [3000, 3500],
  ]);
  expect(captions.map(({ text }) => text)).toEqual([
    'Person 2: happiness (80 %)',
    'Person 1: happiness (80 %)',
    'Person 1: happiness (80 %)',
  ]);
});

test('metadata cues are JSON; blinks are not captioned', async () => {
  const blink = at(100, 250, { kind: 'blink', label: 'blink', id: 'interview/1/blink/blink/1' });
  const { metadata, captions } = await written([blink]);
  expect(JSON.parse(metadata[0]!.text)).toEqual({
    v: 1,
    id: 'interview/1/blink/blink/1',
    track: 1,
    kind: 'blink',
    label: 'blink',
    onsetUs: 100_000,
    apexUs: 400_000,
    offsetUs: 250_000,
    peak: 0.9123,
    mean: 0.7,
    confidence: 0.8,
    endReason: 'released',
  });
  expect(captions).toEqual([]);
});

test.each(['a --> b', 'two\n\nlines', '<b>bold</b> & more', '\u0000\u2028'])(
  'text that could break a cue does not: %j',
  async (label) => {
    const { metadata, captions } = await written([at(0, 100, { label, id: label })]);
    expect(JSON.parse(metadata[0]!.text).label).toBe(label);
    expect(captions).toHaveLength(1);
    checkCueText(captions[0]!.text);
  },
);

test.each([
  ['an instant', at(500, 500)],
  ['before the first frame', at(-300, -100)],
  ['less than a millisecond', episode({ onsetUs: micros(400), offsetUs: micros(499) })],
  ['without an end', episode({ offsetUs: null })],
])('%s still makes a cue that ends after it begins', async (_, each) => {
  expect((await written([each])).metadata).toHaveLength(1);
});

test('a run without episodes leaves valid files', async () => {
  expect((await written([])).metadata).toEqual([]);
});

test('cues beyond the bound are left out and counted', async () => {
  const { metadata, sink } = await written([at(0, 100), at(200, 300), at(400, 500)], 2);
  expect(metadata).toHaveLength(2);
  expect(sink.files()[0]!.empty).toEqual({ '1 episode': 'beyond the first 2' });
});

describe('the checker itself', () => {
  test.each([
    ['WEBVTT\n\n00:01.000 --> 00:00.500\nx\n', 'ends before'],
    ['WEBVTT\n\n00:02.000 --> 00:03.000\nx\n\n00:01.000 --> 00:03.000\nx\n', 'out of order'],
    ['WEBVTT\n\n00:00:01 --> 00:00:02\nx\n', 'timestamp'],
    ['WEBVTT\n\n00:01.000 --> 00:02.000\na --> b\n', 'arrow'],
    ['WEBVTT\n\n00:01.000 --> 00:02.000\n', 'empty'],
    ['WEBVTT\n\n00:01.000 --> 00:02.000\none\n\ntwo\n', 'not a timing line'],
    ['\n', 'signature'],
  ])('refuses %j', (text, reason) => {
    expect(() => readVtt(text)).toThrow(reason);
  });
});

test('an insight is a cue of three seconds from its frame, in order with episodes, safe whatever it says', async () => {
  const dir = folder();
  const sink = await createWebVttSink({ base: join(dir, 'y'), overwrite: false }, { insights: true });
  await sink.episode(at(3000, 3500));
  const hostile = '--> <v Bob>\n\n00:00.000 --> 00:09.000\nNOTE';
  await sink.insight?.(insightOf({ ptsUs: micros(1_500_000), description: hostile }), null);
  await sink.close();
  const metadata = readVtt(readFileSync(join(dir, 'y.metadata.vtt'), 'utf8'));
  const captions = readVtt(readFileSync(join(dir, 'y.captions.vtt'), 'utf8'));
  expect(metadata.map(({ beginMs, endMs }) => [beginMs, endMs])).toEqual([
    [1500, 4500],
    [3000, 3500],
  ]);
  expect(JSON.parse(metadata[0]!.text)).toMatchObject({ kind: 'insight', track: 1, description: hostile });
  expect(captions).toHaveLength(2);
  checkCueText(captions[0]!.text);
});

test.each([
  ['its description', {}, ', a language model says: A smile.'],
  ['the emotion without one', { description: null }, ', a language model says: happiness'],
  [
    'what the measurement says against it',
    { agreesWithMeasured: false },
    ', a language model says: A smile. (not what was measured)',
  ],
  ['nothing when nothing was said', { description: null, emotion: null }, null],
])('the caption of an insight has %s', (_, more, text) =>
  expect(insightCue(insightOf(more)).caption?.after ?? null).toBe(text),
);

test('the caption of a long insight is cut', () => {
  expect(insightCue(insightOf({ description: 'x'.repeat(500) })).caption?.after).toMatch(/: x{159}…$/);
});
