import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PeopleFile } from '../../../src/domain/people.js';
import { micros } from '../../../src/domain/units.js';
import { forgetPerson } from '../../../src/study/forget-person.js';

let folder: string;
let base: string;

/** Person 1 is track 1 and, until 0.3 s, track 2; person 2 is track 2 from then on. Ten frames a second, for a second. */
const seen = [{ fromFrame: 0, toFrame: 9, fromUs: micros(0), toUs: micros(900_000) }];
const WHOLE = { fromUs: null, toUs: null, by: 'map' } as const;
const PEOPLE: PeopleFile = {
  v: 1,
  source: 'v',
  people: [
    {
      person: 1,
      name: null,
      tracks: [
        { track: 1, ...WHOLE },
        { track: 2, ...WHOLE, toUs: micros(300_000) },
      ],
    },
    { person: 2, name: 'P02', tracks: [{ track: 2, ...WHOLE, fromUs: micros(300_000) }] },
  ],
  ignored: [],
  joined: [1, 2].map((track) => ({ person: track, name: null, tracks: [{ track, ...WHOLE, by: 'first' }] })),
  tracks: [1, 2].map((track) => ({ track, seen })),
};

const frames = Array.from({ length: 10 }, (_, frame) => frame);
const lines = (objects: readonly object[]): string => objects.map((each) => `${JSON.stringify(each)}\n`).join('');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-forget-'));
  base = join(folder, 'v');
  const faces = frames.flatMap((frame) => [1, 2].map((track) => ({ frame, ptsUs: frame * 100_000, track })));
  const row = ({ frame, track }: (typeof faces)[number]) =>
    `${frame},${frame / 10},${track},${track === 2 && frame >= 3 ? 2 : 1},"x, y"`;
  const files: Readonly<Record<string, string>> = {
    'records.jsonl': lines(faces),
    'episodes.jsonl': lines([
      { track: 1, onsetUs: 0 },
      { track: 2, onsetUs: 100_000 },
      { track: 2, onsetUs: 400_000 },
    ]),
    csv: `frame,pts_s,track,person,label\n${faces.map(row).join('\n')}\n`,
    'annotations.ana.jsonl': lines([{ person: 1 }, { person: 2 }]),
    'report.html': '<html>',
    'people.json': JSON.stringify(PEOPLE),
    'manifest.json': JSON.stringify({
      run: { actionUnits: [] },
      summary: { records: 20, episodes: 3, tracks: 2 },
      files: [{ path: 'v.csv' }, { path: 'v.report.html' }],
    }),
  };
  for (const [ending, text] of Object.entries(files)) await writeFile(`${base}.${ending}`, text);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (ending: string): Promise<string> => readFile(`${base}.${ending}`, 'utf8');
const told = (removals: Awaited<ReturnType<typeof forgetPerson>>) =>
  removals.map(({ file, what, rows }) => [file.slice(base.length + 1), what, rows]);
const GOES = [
  ['records.jsonl', 'rows', 13],
  ['episodes.jsonl', 'rows', 2],
  ['csv', 'rows', 13],
  ['annotations.ana.jsonl', 'rows', 1],
  ['report.html', 'whole', null],
  ['people.json', 'anew', null],
];

describe('a person who is taken out of results', () => {
  it('is only told about in a dry run', async () => {
    const before = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    expect(told(await forgetPerson(base, { file: PEOPLE, person: PEOPLE.people[0]!, dry: true }))).toEqual(GOES);
    const after = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    expect(after).toEqual(before);
  });

  it('leaves what is of others, also of a track that both have', async () => {
    expect(told(await forgetPerson(base, { file: PEOPLE, person: PEOPLE.people[0]!, dry: false }))).toEqual(GOES);
    const rows = (await read('csv')).trim().split('\n');
    expect(rows).toEqual([
      'frame,pts_s,track,person,label',
      ...frames.slice(3).map((frame) => `${frame},${frame / 10},2,2,"x, y"`),
    ]);
    expect((await read('records.jsonl')).trim().split('\n')).toHaveLength(7);
    expect(await read('episodes.jsonl')).toBe(lines([{ track: 2, onsetUs: 400_000 }]));
    expect(await read('annotations.ana.jsonl')).toBe(lines([{ person: 2 }]));
    const who = JSON.parse(await read('people.json')) as PeopleFile;
    expect(who.people).toEqual([PEOPLE.people[1]]);
    expect(who.joined).toEqual([PEOPLE.joined[1]]);
    expect(who.tracks).toEqual([{ track: 2, seen: [{ fromFrame: 3, toFrame: 9, fromUs: 300_000, toUs: 900_000 }] }]);
    expect(JSON.parse(await read('manifest.json'))).toMatchObject({
      summary: { records: 7, episodes: 1, tracks: 1 },
      files: [{ path: 'v.csv' }],
    });
    expect((await readdir(folder)).sort()).toEqual(
      ['annotations.ana.jsonl', 'csv', 'episodes.jsonl', 'manifest.json', 'people.json', 'records.jsonl'].map(
        (name) => `v.${name}`,
      ),
    );
  });
});
