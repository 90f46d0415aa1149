import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PeopleFile } from '../../src/domain/people.js';
import { readTable } from '../support/csv-reader.js';
import { ffmpeg, H264 } from '../support/make-video.js';
import { DEMO, runCli } from '../support/run-cli.js';

let dir: string;
let results: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mien-people-'));
  const video = join(dir, 'joined.mp4');
  makeJoined(video);
  results = join(dir, 'out', 'joined');
  const run = await runCli(['analyze', video, '--out', join(dir, 'out'), '--formats', 'csv,people,report']);
  expect(run.code, run.stderr).toBe(0);
}, 180_000);
afterAll(() => rmSync(dir, { recursive: true }));

/** A person for a second, black for three, the person, the passer-by of the demo, and the person again. */
function makeJoined(path: string): void {
  const [smile, talking] = [join(DEMO, 'step-smile.mp4'), join(DEMO, 'talking-face.mp4')];
  const inputs = ['-t', '1', '-i', smile, '-f', 'lavfi', '-t', '3', '-i', 'color=black:s=320x320:r=25'];
  const more = ['-t', '1', '-i', smile, '-ss', '18.4', '-t', '1', '-i', talking, '-t', '1', '-i', smile];
  const passerBy = 'crop=240:240:400:110,';
  const same = [0, 1, 2, 3, 4]
    .map((n) => `[${n}:v]${n === 3 ? passerBy : ''}scale=320:320,fps=25,format=yuv420p,setsar=1[v${n}]`)
    .join(';');
  const filter = `${same};[v0][v1][v2][v3][v4]concat=n=5:v=1[out]`;
  ffmpeg(...inputs, ...more, '-filter_complex', filter, '-map', '[out]', ...H264, '-y', path);
}

const people = (): PeopleFile => JSON.parse(readFileSync(join(results, 'joined.people.json'), 'utf8')) as PeopleFile;
/** The persons of the file's rows, each once in a row: "1 - 1". */
function sequence(): string {
  const cells = readTable(readFileSync(join(results, 'joined.csv'), 'utf8')).map(({ person }) => person || '-');
  return cells.filter((cell, at) => cell !== cells[at - 1]).join(' ');
}

it('a person who is back after black and after another scene is one person, the other one another', () => {
  expect(people().people.map(({ tracks }) => tracks.map(({ track }) => track))).toEqual([[1, 2, 4], [3]]);
  expect(sequence()).toBe('1 - 1 2 1');
  expect(readFileSync(join(results, 'joined.report.html'), 'utf8')).toContain('2 people, followed as 4 tracks.');
});

it('mien people gives these results other people, and takes them back', async () => {
  const before = sequence();
  const map = join(dir, 'map.csv');
  writeFileSync(map, 'track,person,name\n4,3,Ada\n3,-,\n');
  const named = await runCli(['people', results, '--people', map]);
  expect(named.stdout).toMatch(/^Person 1: tracks 1, 2\nAda: track 4\nnobody: 1 track\n4 files written anew: /);
  expect(sequence()).toBe('1 - 1 - 3');
  writeFileSync(map, 'track,person\n9,1\n2,x\n');
  const wrong = await runCli(['people', results, '--people', map]);
  expect([wrong.code, wrong.stderr]).toEqual([12, expect.stringContaining('map.csv: line 3: person "x"')]);
  expect((await runCli(['people', results, '--json'])).stdout).toContain('"type":"people"');
  expect(sequence()).toBe(before);
});
