import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findInputs } from '../../../src/source/find-inputs.js';

const folder = mkdtempSync(join(tmpdir(), 'mien-inputs-'));
const at = (name: string) => join(folder, name);
beforeAll(() => {
  for (const name of ['a', 'a/deep', 'none', 'none/deep']) mkdirSync(at(name));
  const files = ['a/2.MP4', 'a/1.mkv', 'a/notes.txt', 'a/.hidden.mp4', 'a/deep/3.mov', 'none/x.txt', 'none/deep/4.mp4'];
  for (const name of [...files, 'raw.bin', 'b[1].mp4', 'c.mp4']) writeFileSync(at(name), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  { what: 'a file, whatever its name', inputs: ['raw.bin'], found: ['raw.bin'] },
  { what: 'a folder: videos directly in it, sorted', inputs: ['a'], found: ['a/1.mkv', 'a/2.MP4'] },
  { what: 'a pattern over one level', inputs: ['*.mp4'], found: ['b[1].mp4', 'c.mp4'] },
  { what: 'a pattern over all levels', inputs: ['a/**'], found: ['a/1.mkv', 'a/2.MP4', 'a/deep/3.mov'] },
  { what: 'a file whose name looks like a pattern', inputs: ['b[1].mp4'], found: ['b[1].mp4'] },
  { what: 'the order given, each once', inputs: ['c.mp4', 'a', './a/1.mkv'], found: ['c.mp4', 'a/1.mkv', 'a/2.MP4'] },
])('$what', async ({ inputs, found }) => {
  const paths = await findInputs(inputs.map((input) => `${folder}/${input}`));
  expect(paths.map((path) => relative(folder, path))).toEqual(found);
});

test.each([
  { input: 'gone.mp4', code: 'INPUT_NOT_FOUND' },
  { input: 'x/*.mp4', code: 'INPUT_NOT_FOUND' },
  { input: 'none', code: 'INPUT_NO_VIDEO' },
  { input: '*.bin', code: 'INPUT_NO_VIDEO' },
])('$input: $code', async ({ input, code }) => {
  await expect(findInputs([at(input)])).rejects.toMatchObject({ code, message: expect.stringMatching(/^.*; .*$/) });
});

test('an address is no file, and its password is not repeated', async () => {
  await expect(findInputs(['rtsp://op:hunter2@cam/live'])).rejects.toMatchObject({
    code: 'INPUT_NOT_FOUND',
    message: expect.stringMatching(/^rtsp:\/\/\*\*\*@cam\/live: is an address, not a file; .*mien serve --camera$/),
  });
});
