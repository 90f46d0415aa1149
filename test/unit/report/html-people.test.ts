import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE_VERSION, type PeopleFile } from '../../../src/domain/people.js';
import { leadPart, peopleHtml, putPeople, tilePart } from '../../../src/report/html-people.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-html-people-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Tracks of each person. */
function file(...persons: number[][]): PeopleFile {
  const people = persons.map((tracks, index) => ({
    person: index + 1,
    name: null,
    tracks: tracks.map((track) => ({ track, fromUs: null, toUs: null, by: 'map' as const })),
  }));
  const tracks = persons.flat().map((track) => ({ track, seen: [] }));
  return { v: PEOPLE_VERSION, source: 'a', people, ignored: [], joined: people, tracks };
}

const seenTile = (people: number | null, tracks: number): string =>
  tilePart({ people, tracks })
    .replace(/<[^>]*>/g, ' ')
    .trim();

test.each([
  [2, 3, '2  people seen, followed as 3 tracks'],
  [1, 1, '1  person seen, followed as 1 track'],
  [null, 3, '3  faces followed (tracks, not identities)'],
])('%s people in %d tracks', (people, tracks, text) => expect(seenTile(people, tracks)).toBe(text));

test('other people are put into sentence, tile and panel; a page of another version is refused', async () => {
  const path = join(folder, 'a.report.html');
  const before = file([1], [2], [3]);
  await writeFile(
    path,
    `<p>in which ${leadPart('three people were seen')}; …</p>${tilePart({ people: 3, tracks: 3 })}${peopleHtml(before)}`,
  );
  await putPeople(path, file([1, 3], [2]));
  const page = await readFile(path, 'utf8');
  expect(page.replace(/<!--.*?-->/g, '')).toContain('<p>in which two people were seen; …</p><strong>2</strong>');
  expect(page).toContain('2 people, followed as 3 tracks.');
  await writeFile(path, page.replace('<!-- people-tile -->', ''));
  await expect(putPeople(path, before)).rejects.toMatchObject({ code: 'INPUT_DAMAGED' });
});
