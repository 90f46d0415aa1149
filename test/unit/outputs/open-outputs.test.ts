import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunInfo } from '../../../src/domain/records.js';
import { type OpenOutputsOptions, openOutputs } from '../../../src/outputs/open-outputs.js';
import { DEFAULT_OUTPUTS, OUTPUT_NAMES, OUTPUTS, outputOfFile } from '../../../src/outputs/outputs.js';
import { emptyFrame, episode, faceRecord, runInfo, summaryOf, videoInfo } from '../../support/record-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

const optionsFor = (dir: string, more: Partial<OpenOutputsOptions> = {}): OpenOutputsOptions => ({
  base: join(dir, 'talk'),
  outputs: DEFAULT_OUTPUTS,
  overwrite: false,
  landmarks: '68',
  run: runInfo,
  video: videoInfo,
  ...more,
});

async function writeRun(dir: string, more: Partial<OpenOutputsOptions> = {}): Promise<void> {
  const { sink } = await openOutputs(optionsFor(dir, more));
  const records = [faceRecord(0), emptyFrame(1), faceRecord(2)];
  for (const record of records) await sink.records([record]);
  await sink.episode(episode());
  await sink.close(summaryOf(records));
}

/** Latin 1, so that bytes are told apart; without what names the folder: ELAN's links, and so the hashes of those files. */
const contentsOf = (dir: string): Record<string, string> => {
  const linking = /("path": "talk(?:\.eaf|_tsconf\.xml)".*?"sha256": ")[0-9a-f]+/gs;
  const read = (name: string): string => readFileSync(join(dir, name), 'latin1').replaceAll(dir, '');
  return Object.fromEntries(readdirSync(dir).map((name) => [name, read(name).replace(linking, '$1')]));
};

test('all formats write the files they announce, and the manifest', async () => {
  const dir = folder();
  await writeRun(dir);
  const expected = DEFAULT_OUTPUTS.flatMap((name) => OUTPUTS[name].endings.map((ending) => `talk${ending}`));
  expect(readdirSync(dir).sort()).toEqual([...expected, 'talk.manifest.json'].sort());
});

test('a format named twice is written once', async () => {
  const dir = folder();
  await writeRun(dir, { outputs: ['csv', 'csv'] });
  expect(readdirSync(dir).sort()).toEqual(['talk.csv', 'talk.manifest.json']);
});

test('the same records make the same bytes; only the manifest’s start time differs', async () => {
  const [one, two] = [folder(), folder()];
  await writeRun(one);
  await writeRun(two, { run: { ...runInfo, startedAt: '2027-02-02T00:00:00.000Z' } });
  const [a, b] = [contentsOf(one), contentsOf(two)];
  const manifests = [a, b].map((files) => files['talk.manifest.json']!);
  expect(manifests[0]!.replace(runInfo.startedAt, '')).toBe(manifests[1]!.replace('2027-02-02T00:00:00.000Z', ''));
  for (const files of [a, b]) delete files['talk.report.html']; // it tells when the run was
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
  // The report is a page for people: the manifest describes data.
  const names = readdirSync(dir).filter((name) => !/manifest|report/.test(name));
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
  expect(openFace.empty).toHaveProperty('eye_lmk_*');
});

test.each([...OUTPUT_NAMES.flatMap((name) => OUTPUTS[name].endings), '.manifest.json'])(
  'an existing %s is refused before anything is created',
  async (ending) => {
    const dir = folder();
    writeFileSync(join(dir, `talk${ending}`), 'mine');
    await expect(openOutputs(optionsFor(dir, { outputs: OUTPUT_NAMES }))).rejects.toMatchObject({
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
  await writeRun(dir, { outputs: ['csv'] });
  expect(readFileSync(join(dir, 'talk.parquet'), 'utf8')).toBe('mine');
});

test('overwriting leaves nothing of the run before', async () => {
  const [fresh, used] = [folder(), folder()];
  await writeRun(fresh);
  const { sink } = await openOutputs(optionsFor(used));
  for (let frame = 0; frame < 50; frame++) await sink.records([faceRecord(frame), faceRecord(frame, { track: 2 })]);
  await sink.close(summaryOf([]));
  await writeRun(used, { overwrite: true });
  expect(contentsOf(used)).toEqual(contentsOf(fresh));
});

test('while a run goes on there is no manifest: the one of the run before is gone', async () => {
  const dir = folder();
  await writeRun(dir);
  const { sink } = await openOutputs(optionsFor(dir, { overwrite: true }));
  expect(readdirSync(dir)).not.toContain('talk.manifest.json');
  await sink.close(summaryOf([]));
  expect(readdirSync(dir)).toContain('talk.manifest.json');
});

test('when one file cannot be opened, those that were are removed', async () => {
  const dir = folder();
  // A folder in the place of a file, which --overwrite does not remove.
  mkdirSync(join(dir, 'talk.elan-tracks.csv'));
  await expect(openOutputs(optionsFor(dir, { overwrite: true }))).rejects.toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
    message: expect.stringContaining('talk.elan-tracks.csv'),
  });
  expect(readdirSync(dir)).toEqual(['talk.elan-tracks.csv']);
});

test('a missing folder is named', async () => {
  await expect(openOutputs(optionsFor(join(folder(), 'none')))).rejects.toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
    message: expect.stringContaining('ENOENT'),
  });
});

test('an output that has a place of its own is written there, and asked for by it', async () => {
  const dir = folder();
  const place = join(folder(), 'page.html');
  const { sink, paths } = await openOutputs(optionsFor(dir, { outputs: ['csv'], places: { report: place } }));
  await sink.close(summaryOf([]));
  expect(readFileSync(place, 'utf8')).toContain('<html');
  expect(readdirSync(dir).sort()).toEqual(['talk.csv', 'talk.manifest.json']);
  expect([...paths]).toEqual([
    ['csv', [join(dir, 'talk.csv')]],
    ['report', [place]],
  ]);
});

test('a run that is given up before its first frame leaves nothing, so that it may be tried again', async () => {
  const dir = folder();
  const { abandon } = await openOutputs(optionsFor(dir));
  await abandon();
  expect(readdirSync(dir)).toEqual([]);
});

test.each([
  ['talk.csv', 'csv'],
  ['talk.openface.csv', 'openface'],
  ['a.b/talk.html', 'report'],
  ['talk.mp4', 'overlay'],
  ['talk.vtt', 'webvtt'],
  ['talk', undefined],
  ['out.d/talk', undefined],
  ['2026.11', undefined],
])('%s looks like a file of %s', (name, output) => {
  expect(outputOfFile(name)).toBe(output);
});

test('the table of docs/formats.md has every output with its files', () => {
  const page = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ((?:`talk[^`]+`(?:, )?)+)/gm)].map(([, name, files]) => [
    name,
    files,
  ]);
  const declared = OUTPUT_NAMES.map((name) => [name, OUTPUTS[name].endings.map((end) => `\`talk${end}\``).join(', ')]);
  expect(rows).toEqual(declared);
});
