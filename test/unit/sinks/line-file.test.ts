import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLineFile, openLineFiles } from '../../../src/sinks/line-file.js';
import type { WriteBytes } from '../../../src/sinks/output-file.js';
import { fullAfter, systemError } from '../../support/full-disk.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

const targetIn = (dir: string, write?: WriteBytes) => ({
  base: join(dir, 'x'),
  overwrite: false,
  ...(write ? { write } : {}),
});

test('writes what it was given, in order, once closed', async () => {
  const dir = folder();
  const file = await openLineFile(targetIn(dir), '.txt');
  let expected = '';
  for (let line = 0; line < 20_000; line++) {
    const text = `line ${line} ä€\n`;
    expected += text;
    await file.write(text);
  }
  await file.close();
  await file.close();
  expect(readFileSync(file.path, 'utf8')).toBe(expected);
});

test('holds at most one buffer: the caller is made to wait when it is full', async () => {
  const file = await openLineFile(targetIn(folder()), '.txt');
  expect(file.write('short\n')).toBeUndefined();
  const full = file.write(`${'x'.repeat(200_000)}\n`);
  expect(full).toBeInstanceOf(Promise);
  await full;
  expect(readFileSync(file.path, 'utf8').length).toBe(200_007);
  await file.close();
});

test('a write that takes only part is continued', async () => {
  const slow: WriteBytes = async (handle, bytes, position) =>
    (await handle.write(bytes, 0, Math.min(3, bytes.byteLength), position)).bytesWritten;
  const file = await openLineFile(targetIn(folder(), slow), '.txt');
  await file.write('one two three\nfour\n\n');
  await file.close();
  expect(readFileSync(file.path, 'utf8')).toBe('one two three\nfour\n\n');
});

test.each([0, 1, 9, 10, 11, 25, 39])('a disk full after %d bytes leaves whole lines', async (bytes) => {
  const dir = folder();
  const file = await openLineFile(targetIn(dir, fullAfter(bytes)), '.txt');
  for (let line = 0; line < 4; line++) await file.write('123456789\n');
  await expect(file.close()).rejects.toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
    message: expect.stringMatching(/x\.txt \(ENOSPC\); free disk space/),
  });
  expect(readFileSync(file.path, 'utf8')).toBe('123456789\n'.repeat(Math.floor(bytes / 10)));
});

test('where several lines belong together, the file is cut between blocks', async () => {
  const file = await openLineFile(targetIn(folder(), fullAfter(17)), '.txt', { unitEnd: '\n\n' });
  await file.write('one\ntwo\n\nthree\nfour\n\n');
  await expect(file.close()).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  expect(readFileSync(file.path, 'utf8')).toBe('one\ntwo\n\n');
});

test('nothing is written after a failure, also when the disk has room again', async () => {
  let failing = true;
  const once: WriteBytes = async (handle, bytes, position) => {
    if (failing) throw systemError('EIO');
    return (await handle.write(bytes, 0, bytes.byteLength, position)).bytesWritten;
  };
  const file = await openLineFile(targetIn(folder(), once), '.txt');
  await expect(file.write(`${'a'.repeat(140_000)}\n`)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  failing = false;
  await expect(file.write(`${'b'.repeat(140_000)}\n`)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  await expect(file.close()).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  expect(readFileSync(file.path, 'utf8')).toBe('');
});

test('a file system that takes no bytes is an error, not an endless loop', async () => {
  const file = await openLineFile(
    targetIn(folder(), async () => 0),
    '.txt',
  );
  file.write('x\n');
  await expect(file.close()).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
});

test('an existing file is kept, unless it may be replaced', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'x.txt'), 'mine');
  await expect(openLineFile(targetIn(dir), '.txt')).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  expect(readFileSync(join(dir, 'x.txt'), 'utf8')).toBe('mine');
  const file = await openLineFile({ ...targetIn(dir), overwrite: true }, '.txt');
  await file.close();
  expect(readFileSync(join(dir, 'x.txt'), 'utf8')).toBe('');
});

test('a missing folder, and a file in the place of a folder, are named with the fix', async () => {
  const dir = folder();
  await expect(openLineFile(targetIn(join(dir, 'none')), '.txt')).rejects.toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
    message: expect.stringMatching(/none.x\.txt \(ENOENT\); make the folder/),
  });
  writeFileSync(join(dir, 'file'), '');
  await expect(openLineFile(targetIn(join(dir, 'file')), '.txt')).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
});

test('several files are opened together or not at all', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'x.b'), 'mine');
  await expect(openLineFiles(targetIn(dir), ['.a', '.b'])).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  expect(readdirSync(dir)).toEqual(['x.b']);
  expect(readFileSync(join(dir, 'x.b'), 'utf8')).toBe('mine');
});
