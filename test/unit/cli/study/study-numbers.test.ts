import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tellNumbers } from '../../../../src/cli/study/study-numbers.js';
import { NUMBER_OPTIONS } from '../../../../src/study/numbers/number-options.js';
import { eachTrack, madeFace, writeMadeVideo } from '../../../support/made-study.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();
const VIDEO = fileURLToPath(new URL('../../../fixtures/demo/talking-face.mp4', import.meta.url));

function studyIn(at: string): string {
  const file = join(at, 'study.yaml');
  const lines = [
    'name: pilot',
    'results: results',
    'participants: [{ id: P1, age: 31 }]',
    `sessions: [{ id: S1, videos: [{ id: v1, path: "${VIDEO}", people: { 1: P1 } }] }]`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function told(file: string, flags: { json?: boolean; quiet?: boolean } = {}): Promise<string[]> {
  const lines: string[] = [];
  await tellNumbers(file, { ...NUMBER_OPTIONS, ...flags }, (line) => lines.push(line));
  return lines;
}

it('tells each session, why rows are without a value, and where the table is', async () => {
  const at = folder();
  const file = studyIn(at);
  const records = Array.from({ length: 100 }, (_, frame) => madeFace(frame, 1, frame * 100_000, { happiness: 0.25 }));
  writeMadeVideo(join(at, 'results'), { id: 'v1', records, episodes: [], people: eachTrack(1) });
  const lines = await told(file);
  expect(lines[0]).toBe('S1 (1 of 1)');
  expect(lines).toContainEqual(expect.stringMatching(/^\d+ rows few-persons: no value: fewer persons/));
  expect(lines.at(-1)).toMatch(/^1 session, 1 participant, \d+ rows in .*numbers\.csv/);
  for (const name of ['numbers.csv', 'numbers.parquet', 'numbers.json', 'codebook.csv', 'codebook.md'])
    expect(existsSync(join(at, 'results', name)), name).toBe(true);
  expect(await told(file, { quiet: true })).toEqual([]);
  expect((await told(file, { json: true })).map((line) => JSON.parse(line).type)).toEqual(['session', 'end']);
});

it('says which results are missing where there are none', async () => {
  await expect(told(studyIn(folder()))).rejects.toMatchObject({
    code: 'INPUT_NOT_FOUND',
    message: expect.stringMatching(/v1\.manifest\.json is missing; run mien study run/),
  });
});
