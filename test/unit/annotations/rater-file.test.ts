import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { comparisonsOf, judgesOf } from '../../../src/annotations/compare.js';
import {
  checkedRater,
  raterOfFile,
  raterPath,
  readAnnotations,
  writeAnnotations,
} from '../../../src/annotations/rater-file.js';
import type { Results } from '../../../src/annotations/results.js';
import type { Annotation } from '../../../src/domain/annotation.js';
import { micros } from '../../../src/domain/units.js';
import { runInfo } from '../../support/record-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

const annotation = (id: string, fromS: number, more: Partial<Annotation> = {}): Annotation => ({
  ...{ v: 1, id: `anna/${id}`, source: 'talk', rater: 'anna', person: 1, kind: 'emotion', label: 'happiness' },
  ...{ verdict: 'accepted', episode: id, note: null },
  onsetUs: micros(fromS * 1e6),
  offsetUs: micros((fromS + 1) * 1e6),
  ...more,
});

test('what is written is read, in order of time, and nothing else is left', async () => {
  const dir = folder();
  const path = raterPath(join(dir, 'talk'), 'anna');
  expect(await readAnnotations(path)).toEqual([]);
  await writeAnnotations(path, [annotation('e2', 5), annotation('e1', 1)]);
  expect((await readAnnotations(path)).map(({ episode }) => episode)).toEqual(['e1', 'e2']);
  expect(readdirSync(dir)).toEqual(['talk.annotations.anna.jsonl']);
  await expect(writeAnnotations(join(dir, 'no', 'where'), [])).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
});

test.each([
  'words',
  '{}',
  JSON.stringify({ ...annotation('e', 1), v: 2 }),
  JSON.stringify({ ...annotation('e', 1), verdict: 'maybe' }),
  JSON.stringify({ ...annotation('e', 1), offsetUs: 0 }),
  JSON.stringify({ ...annotation('e', 1), rater: '../anna' }),
])('a line that is no annotation is named: %s', async (line) => {
  const path = join(folder(), 'x.jsonl');
  writeFileSync(path, `${JSON.stringify(annotation('e1', 1))}\n${line}\n`);
  await expect(readAnnotations(path)).rejects.toThrow(`${path}:2 is no annotation`);
});

test('words for raters', () => {
  expect(checkedRater('Rater_2-b')).toBe('Rater_2-b');
  for (const word of ['', 'a b', '../x', 'x'.repeat(41), 'ä'])
    expect(() => checkedRater(word)).toThrow('cannot name a rater');
  expect(raterOfFile('talk.annotations.anna.jsonl', 'talk')).toBe('anna');
  expect(raterOfFile('talk.episodes.jsonl', 'talk')).toBeNull();
  expect(raterOfFile('talk.annotations.a.b.jsonl', 'talk')).toBeNull();
});

test('compared is what both judged, while the person was seen', () => {
  const episodes = [0, 10, 20].map((at, index) => {
    const { person, kind, label, onsetUs, offsetUs } = annotation(`e${index}`, at);
    return { id: `e${index}`, person, kind, label, onsetUs, offsetUs, confidence: 1, peak: 1 };
  });
  const whole = { fromUs: null, toUs: null, by: 'first' } as const;
  const results: Results = {
    ...{ folder: '.', name: 'talk', base: 'talk', run: { ...runInfo, source: 'talk' }, raters: ['anna'], episodes },
    people: {
      v: 1,
      source: 'talk',
      people: [{ person: 1, name: null, tracks: [{ track: 4, ...whole }] }],
      ignored: [],
    },
    tracks: [{ track: 4, seen: [{ fromFrame: 0, toFrame: 374, fromUs: micros(0), toUs: micros(14_960_000) }] }],
  };
  const ratings = new Map([['anna', [annotation('e0', 0), annotation('e2', 20, { verdict: 'rejected' })]]]);
  const [only, ...others] = comparisonsOf(results, judgesOf(results, ratings));
  expect(others).toEqual([]);
  expect(only).toMatchObject({
    source: 'talk',
    person: 1,
    kind: 'emotion',
    label: 'happiness',
    a: 'anna',
    b: 'mien',
    frameUs: 40_000,
  });
  // Seen for 15 s; the episode at 10 s waits for its judgement.
  expect(only!.judged).toEqual([
    { onsetUs: 0, offsetUs: 10_000_000 },
    { onsetUs: 11_000_000, offsetUs: 15_000_000 },
  ]);
  expect(only!.eventsA.map(({ onsetUs }) => onsetUs)).toEqual([0]);
  expect(only!.eventsB.map(({ onsetUs }) => onsetUs)).toEqual([0, 20_000_000]);
});
