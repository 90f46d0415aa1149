import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
  const { paths, problems } = await findInputs(inputs.map((input) => `${folder}/${input}`));
  expect(paths.map((path) => relative(folder, path))).toEqual(found);
  expect(problems).toEqual([]);
});

test('a folder with its subfolders, where asked', async () => {
  const { paths } = await findInputs([at('a'), at('none')], { recursive: true });
  expect(paths.map((path) => relative(folder, path))).toEqual([
    'a/1.mkv',
    'a/2.MP4',
    'a/deep/3.mov',
    'none/deep/4.mp4',
  ]);
});

test.each([
  { input: 'gone.mp4', code: 'INPUT_NOT_FOUND' },
  { input: 'x/*.mp4', code: 'INPUT_NOT_FOUND' },
  { input: 'none', code: 'INPUT_NO_VIDEO' },
  { input: '*.bin', code: 'INPUT_NO_VIDEO' },
])('$input: $code', async ({ input, code }) => {
  const { paths, problems } = await findInputs([at(input)]);
  expect(paths).toEqual([]);
  expect(problems).toMatchObject([{ code, message: expect.stringMatching(/^.*; .*$/) }]);
});

test('an argument that names nothing does not stand in the way of the others', async () => {
  const { paths, problems } = await findInputs([at('gone.mp4'), at('c.mp4'), '']);
  expect(paths).toEqual([at('c.mp4')]);
  expect(problems.map(({ code }) => code)).toEqual(['INPUT_NOT_FOUND', 'INPUT_NOT_FOUND']);
});

test.each([
  {
    what: 'a link that leads nowhere',
    input: 'broken.mp4',
    words: /is a link to .*nowhere\.mp4, which does not exist/,
  },
  { what: 'a link in a circle', input: 'circle.mp4', words: /points back to itself/ },
  { what: 'a file taken for a folder', input: 'c.mp4/x.mp4', words: /part of the path is a file/ },
  { what: 'a name too long for the system', input: `${'n'.repeat(300)}.mp4`, words: /longer than this system allows/ },
])('$what is told as such', async ({ input, words }) => {
  symlinkSync(at('nowhere.mp4'), at('broken.mp4'));
  symlinkSync(at('circle.mp4'), at('circle.mp4'));
  const { problems } = await findInputs([at(input)]);
  for (const link of ['broken.mp4', 'circle.mp4']) rmSync(at(link));
  expect(problems[0]?.message).toMatch(words);
});

test('overlays beside their manifest are no input; others are', async () => {
  mkdirSync(at('mixed'));
  for (const name of ['a.mp4', 'a.overlay.mp4', 'a.manifest.json', 'b.overlay.mp4'])
    writeFileSync(at(`mixed/${name}`), '');
  const { paths } = await findInputs([at('mixed')]);
  expect(paths).toEqual([at('mixed/a.mp4'), at('mixed/b.overlay.mp4')]);
});

test('an address is no file, and its password is not repeated', async () => {
  const { problems } = await findInputs(['rtsp://op:hunter2@cam/live']);
  expect(problems).toMatchObject([
    {
      code: 'INPUT_NOT_FOUND',
      message: expect.stringMatching(/^rtsp:\/\/\*\*\*@cam\/live: is an address, not a file; .*mien serve --camera$/),
    },
  ]);
});
