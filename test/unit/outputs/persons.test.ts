import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { asyncBufferFromFile } from 'hyparquet/src/node.js';
import { expect, test } from 'vitest';
import type { FaceRecord } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { openOutputs } from '../../../src/outputs/open-outputs.js';
import { DEFAULT_OUTPUTS, type OutputName } from '../../../src/outputs/outputs.js';
import { type PeopleMap, readPeopleMap } from '../../../src/people/people-map.js';
import { namePeople } from '../../../src/recording/name-people.js';
import { readTable } from '../../support/csv-reader.js';
import { emptyFrame, episode, faceRecord, runInfo, summaryOf, videoInfo } from '../../support/record-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const never = new AbortController().signal;

/** One face in frames 0 to 9, nobody for four, and a face at its place in frames 14 to 23, which has a new track; another elsewhere in both. */
const FRAMES: readonly (readonly FaceRecord[])[] = Array.from({ length: 24 }, (_, frame) => {
  if (frame >= 10 && frame < 14) return [emptyFrame(frame)];
  const face = faceRecord(frame, { track: frame < 10 ? 1 : 4 });
  const { left, right } = face.box!;
  const beside = { ...face.box!, left: left + 600, right: right + 600 };
  return [...(frame < 10 ? [face] : []), faceRecord(frame, { track: 2, box: beside }), ...(frame < 10 ? [] : [face])];
});

async function writeRun(
  dir: string,
  { outputs = DEFAULT_OUTPUTS, map = null }: { outputs?: readonly OutputName[]; map?: PeopleMap | null } = {},
): Promise<void> {
  const base = join(dir, 'talk');
  const { sink } = await openOutputs({
    ...{ base, outputs, overwrite: true, landmarks: '68', run: runInfo, video: videoInfo, peopleMap: map },
  });
  for (const frame of FRAMES) await sink.records(frame);
  for (const [track, onset] of [
    [1, 0],
    [4, 600_000],
    [2, 0],
  ] as const)
    await sink.episode(
      episode({ track, onsetUs: micros(onset), apexUs: micros(onset + 100_000), offsetUs: micros(onset + 300_000) }),
    );
  await sink.close(summaryOf(FRAMES.flat()));
}

function mapOf(dir: string, text: string): string {
  const path = join(dir, 'map.csv');
  writeFileSync(path, text);
  return path;
}

const read = (dir: string, ending: string): string => readFileSync(join(dir, `talk${ending}`), 'utf8');
const column = (dir: string, ending: string, name: string): (string | undefined)[] =>
  readTable(read(dir, ending)).map((row) => row[name]);

test('what is joined has one number in every table, one tier and one name', async () => {
  const dir = folder();
  await writeRun(dir);
  const ofRows = FRAMES.flat().map(({ track }) => (track === null ? null : track === 2 ? 2 : 1));
  expect(column(dir, '.csv', 'person')).toEqual(ofRows.map((person) => (person === null ? '' : String(person))));
  expect(column(dir, '.openface.csv', 'face_id')).toEqual(ofRows.map((person) => String((person ?? 1) - 1)));
  expect(column(dir, '.fex.csv', 'Identity')).toEqual(ofRows.map((person) => (person ? `Person_${person - 1}` : '')));
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(dir, 'talk.parquet')) });
  expect(rows.map(({ person }) => person)).toEqual(ofRows);
  const tiers = read(dir, '.elan-intervals.tsv').split('\n').slice(1, -1);
  expect(tiers.map((line) => line.split('\t').slice(0, 2))).toEqual([
    ['Person 1 emotion', '0'],
    ['Person 1 emotion', '600'],
    ['Person 2 emotion', '0'],
  ]);
  expect(read(dir, '.elan-tracks.csv').split('\n')[0]).not.toContain('p4_');
  expect(read(dir, '.captions.vtt')).not.toContain('Person 4');
  expect(read(dir, '.report.html')).toContain('2 people, followed as 3 tracks.');
});

test('records and episodes are as they were measured: by track', async () => {
  const dir = folder();
  await writeRun(dir);
  expect(read(dir, '.records.jsonl')).toContain('"track":4');
  expect(read(dir, '.episodes.jsonl')).toContain('"track":4');
});

/** Bytes of a file without the name of its folder, which links of ELAN's file hold. */
const bytesOf = (dir: string, name: string): string =>
  readFileSync(join(dir, name), 'latin1').replaceAll(basename(dir), 'folder');

const MAP = 'track,person,name,from_s,to_s\n1,1,Ada,,\n4,3,Ben,,0.7\n4,1,,0.7,\n2,-,,,\n';

test('a map given afterwards writes what a map given to the run writes', async () => {
  const [before, after] = [folder(), folder()];
  const map = mapOf(folder(), MAP);
  await writeRun(before, { map: readPeopleMap(map) });
  await writeRun(after);
  await namePeople(after, readPeopleMap(map), never);
  expect(readdirSync(after).sort()).toEqual(readdirSync(before).sort());
  // ELAN's samples are made of records that were rounded.
  for (const name of readdirSync(before).filter((each) => !/manifest|elan-tracks/.test(each)))
    expect([name, bytesOf(after, name)]).toEqual([name, bytesOf(before, name)]);
  expect(column(after, '.csv', 'person').slice(-6)).toEqual(['', '1', '', '1', '', '1']);
  expect(column(after, '.openface.csv', 'face_id').slice(-2)).toEqual(['-1', '0']);
  expect(column(after, '.fex.csv', 'Identity').slice(28, 30)).toEqual(['', 'Person_2']);
  expect(read(after, '.elan-intervals.tsv')).toContain('Ben emotion\t600\t');
  expect(read(after, '.captions.vtt')).toContain('Ada: ');
  expect(read(after, '.report.html')).toContain('(Ada, Ben)');
});

test('the manifest has the hashes of the files as they are then; without a map all is as it was', async () => {
  const dir = folder();
  await writeRun(dir);
  const csv = read(dir, '.csv');
  await namePeople(join(dir, 'talk.people.json'), readPeopleMap(mapOf(folder(), MAP)), never);
  const { files } = JSON.parse(read(dir, '.manifest.json'));
  for (const { path, sha256 } of files)
    expect([
      path,
      createHash('sha256')
        .update(readFileSync(join(dir, path)))
        .digest('hex'),
    ]).toEqual([path, sha256]);
  expect(read(dir, '.csv')).not.toBe(csv);
  await namePeople(dir, null, never);
  expect(read(dir, '.csv')).toBe(csv);
});

test('a map that is wrong for the tracks of a run leaves the people as joined, and says why', async () => {
  const dir = folder();
  const opened = await openOutputs({
    ...{ base: join(dir, 'talk'), outputs: ['csv', 'people'], overwrite: false, landmarks: '68' },
    ...{ run: runInfo, video: videoInfo, peopleMap: readPeopleMap(mapOf(folder(), 'track,person\n9,1\n')) },
  });
  for (const frame of FRAMES) await opened.sink.records(frame);
  await opened.sink.close(summaryOf(FRAMES.flat()));
  expect(opened.peopleProblem()).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('line 2') });
  expect(column(dir, '.csv', 'person').at(-1)).toBe('1');
});

test('a run that was stopped joins nobody: each track is a person', async () => {
  const dir = folder();
  const { sink } = await openOutputs({
    ...{ base: join(dir, 'talk'), outputs: ['csv', 'people'], overwrite: false, landmarks: '68' },
    ...{ run: runInfo, video: videoInfo },
  });
  for (const frame of FRAMES) await sink.records(frame);
  await sink.close(summaryOf(FRAMES.flat(), { status: 'interrupted' }));
  expect(column(dir, '.csv', 'person')).toEqual(column(dir, '.csv', 'track'));
  expect(JSON.parse(read(dir, '.people.json')).people).toHaveLength(3);
});

test('nothing is changed where files could not all be: records that ELAN needs are gone', async () => {
  const dir = folder();
  await writeRun(dir);
  rmSync(join(dir, 'talk.records.jsonl'));
  const people = read(dir, '.people.json');
  await expect(namePeople(dir, readPeopleMap(mapOf(folder(), MAP)), never)).rejects.toMatchObject({
    code: 'INPUT_NOT_FOUND',
    message: expect.stringMatching(/talk\.records\.jsonl is needed to name persons in talk\.elan-intervals\.tsv/),
  });
  expect(read(dir, '.people.json')).toBe(people);
});

test.each<[string, (dir: string) => void, string]>([
  ['a folder without people', (dir) => rmSync(join(dir, 'talk.people.json')), 'INPUT_NOT_FOUND'],
  ['several people.json', (dir) => writeFileSync(join(dir, 'b.people.json'), ''), 'USAGE'],
  ['a people.json of something else', (dir) => writeFileSync(join(dir, 'talk.people.json'), '{}'), 'INPUT_DAMAGED'],
  ['a run that is not finished', (dir) => rmSync(join(dir, 'talk.manifest.json')), 'INPUT_NOT_FOUND'],
])('refused: %s', async (_, spoil, code) => {
  const dir = folder();
  await writeRun(dir);
  spoil(dir);
  await expect(namePeople(dir, null, never)).rejects.toMatchObject({ code });
});
