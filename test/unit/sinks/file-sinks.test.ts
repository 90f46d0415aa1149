import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunInfo } from '../../../src/domain/records.js';
import { createFileSinks, type FileSinksOptions } from '../../../src/sinks/file-sinks.js';
import { FORMAT_ENDINGS, FORMATS } from '../../../src/sinks/formats.js';
import { emptyFrame, episode, faceRecord, runInfo, summaryOf } from '../../support/record-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

const optionsFor = (dir: string, more: Partial<FileSinksOptions> = {}): FileSinksOptions => ({
  dir,
  baseName: 'talk',
  formats: FORMATS,
  overwrite: false,
  landmarks: '68',
  run: runInfo,
  ...more,
});

async function writeRun(dir: string, more: Partial<FileSinksOptions> = {}): Promise<void> {
  const sinks = await createFileSinks(optionsFor(dir, more));
  const records = [faceRecord(0), emptyFrame(1), faceRecord(2)];
  for (const sink of sinks) {
    for (const record of records) await sink.records([record]);
    await sink.episode(episode());
    await sink.close(summaryOf(records));
  }
}

const contentsOf = (dir: string): Record<string, string> =>
  Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name)).toString('hex')]));

test('all formats write the files they announce, and the manifest', async () => {
  const dir = folder();
  await writeRun(dir);
  const expected = FORMATS.flatMap((format) => FORMAT_ENDINGS[format].map((ending) => `talk${ending}`));
  expect(readdirSync(dir).sort()).toEqual([...expected, 'talk.manifest.json'].sort());
});

test('a format named twice is written once', async () => {
  const dir = folder();
  await writeRun(dir, { formats: ['csv', 'csv'] });
  expect(readdirSync(dir).sort()).toEqual(['talk.csv', 'talk.manifest.json']);
});

test('the same records make the same bytes; only the manifest’s start time differs', async () => {
  const [one, two] = [folder(), folder()];
  await writeRun(one);
  await writeRun(two, { run: { ...runInfo, startedAt: '2027-02-02T00:00:00.000Z' } });
  const [a, b] = [contentsOf(one), contentsOf(two)];
  const manifests = [a, b].map((files) => Buffer.from(files['talk.manifest.json']!, 'hex').toString());
  expect(manifests[0]!.replace(runInfo.startedAt, '')).toBe(manifests[1]!.replace('2027-02-02T00:00:00.000Z', ''));
  delete a['talk.manifest.json'];
  delete b['talk.manifest.json'];
  expect(a).toEqual(b);
});

test('the manifest tells the run, the end, and each file with its size and hash', async () => {
  const dir = folder();
  await writeRun(dir);
  const manifest = JSON.parse(readFileSync(join(dir, 'talk.manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({
    schemaVersion: 1,
    statement: expect.stringContaining('not inner state'),
    run: runInfo satisfies RunInfo,
    summary: { status: 'complete', frames: 3, records: 3, tracks: 1, coverage: { ok: 2, 'no-face': 1 } },
    conventions: { valenceArousal: expect.stringContaining('derived, not measured') },
  });
  const names = readdirSync(dir).filter((name) => name !== 'talk.manifest.json');
  expect(manifest.files.map(({ path }: { path: string }) => path).sort()).toEqual(names.sort());
  for (const file of manifest.files) {
    const bytes = readFileSync(join(dir, file.path));
    expect(file).toMatchObject({
      bytes: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format: expect.any(String),
      contents: expect.any(Object),
    });
  }
  const openFace = manifest.files.find(({ path }: { path: string }) => path === 'talk.openface.csv');
  expect(openFace.empty).toHaveProperty('gaze_*, eye_lmk_*');
});

test.each([...Object.values(FORMAT_ENDINGS).flat(), '.manifest.json'])(
  'an existing %s is refused before anything is created',
  async (ending) => {
    const dir = folder();
    writeFileSync(join(dir, `talk${ending}`), 'mine');
    await expect(createFileSinks(optionsFor(dir))).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      message: expect.stringContaining(`talk${ending} exists`),
    });
    expect(readdirSync(dir)).toEqual([`talk${ending}`]);
    expect(readFileSync(join(dir, `talk${ending}`), 'utf8')).toBe('mine');
  },
);

test('files of formats that were not asked for do not matter, and are left alone', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'talk.parquet'), 'mine');
  await writeRun(dir, { formats: ['csv'] });
  expect(readFileSync(join(dir, 'talk.parquet'), 'utf8')).toBe('mine');
});

test('overwriting leaves nothing of the run before', async () => {
  const [fresh, used] = [folder(), folder()];
  await writeRun(fresh);
  const [sink] = await createFileSinks(optionsFor(used));
  for (let frame = 0; frame < 50; frame++) await sink!.records([faceRecord(frame), faceRecord(frame, { track: 2 })]);
  await sink!.close(summaryOf([]));
  await writeRun(used, { overwrite: true });
  expect(contentsOf(used)).toEqual(contentsOf(fresh));
});

test('while a run goes on there is no manifest: the one of the run before is gone', async () => {
  const dir = folder();
  await writeRun(dir);
  const [sink] = await createFileSinks(optionsFor(dir, { overwrite: true }));
  expect(readdirSync(dir)).not.toContain('talk.manifest.json');
  await sink!.close(summaryOf([]));
  expect(readdirSync(dir)).toContain('talk.manifest.json');
});

test('when one file cannot be opened, those that were are removed', async () => {
  const dir = folder();
  // A folder in the place of a file, which --overwrite does not remove.
  mkdirSync(join(dir, 'talk.elan-tracks.csv'));
  await expect(createFileSinks(optionsFor(dir, { overwrite: true }))).rejects.toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
    message: expect.stringContaining('talk.elan-tracks.csv'),
  });
  expect(readdirSync(dir)).toEqual(['talk.elan-tracks.csv']);
});

test('a missing folder is named', async () => {
  await expect(createFileSinks(optionsFor(join(folder(), 'none')))).rejects.toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
    message: expect.stringContaining('ENOENT'),
  });
});
