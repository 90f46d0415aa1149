import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { asyncBufferFromFile } from 'hyparquet/src/node.js';
import { describe, expect, test } from 'vitest';
import type { Episode, FaceRecord } from '../../src/domain/records.js';
import { micros } from '../../src/domain/units.js';
import { parseEaf } from '../../src/elan/read-eaf.js';
import { parseXml } from '../../src/elan/xml.js';
import { openOutputs } from '../../src/outputs/open-outputs.js';
import { DEFAULT_OUTPUTS, type OutputName } from '../../src/outputs/outputs.js';
import { ELAN_SIGNALS } from '../../src/sinks/elan-tracks.js';
import type { WriteBytes } from '../../src/sinks/output-file.js';
import { readTable } from '../support/csv-reader.js';
import { eafProblems } from '../support/eaf-checker.js';
import { fullAfter } from '../support/full-disk.js';
import {
  emptyFrame,
  episode,
  faceRecord,
  runInfo,
  summaryOf,
  unreadableFace,
  videoInfo,
} from '../support/record-builders.js';
import { tempFolders } from '../support/temp-folder.js';
import { readVtt } from '../support/webvtt-checker.js';

const folder = tempFolders();

/** A page and a film have no entries to count; tests of their own read them. */
const FORMATS = DEFAULT_OUTPUTS.filter((name) => name !== 'report');

/** Number of entries in a file, by a reader that refuses what its format does not allow. */
async function entriesOf(path: string): Promise<number> {
  if (path.endsWith('.parquet')) return (await parquetReadObjects({ file: await asyncBufferFromFile(path) })).length;
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.eaf')) {
    expect(eafProblems(text)).toEqual([]);
    return parseEaf(text, path).tiers.flatMap(({ annotations }) => annotations).length;
  }
  if (path.endsWith('_tsconf.xml'))
    return parseXml(text, path).children.flatMap(({ children }) => children.slice(1)).length;
  if (path.endsWith('.csv')) return readTable(text).length;
  if (path.endsWith('.vtt')) return readVtt(text).length;
  if (path.endsWith('.people.json')) return JSON.parse(text).tracks.length;
  if (text !== '' && !text.endsWith('\n')) throw new Error('half a line');
  const lines = text.split('\n').slice(0, -1);
  if (path.endsWith('.jsonl')) for (const line of lines) JSON.parse(line);
  if (path.endsWith('.tsv')) {
    for (const line of lines) expect(line.split('\t')).toHaveLength(7);
    return lines.length - 1;
  }
  return lines.length;
}

interface Run {
  readonly frames: readonly (readonly FaceRecord[])[];
  readonly episodes: readonly Episode[];
}

const RUNS: Readonly<Record<string, Run>> = {
  'an empty run': { frames: [], episodes: [] },
  'frames without a face': { frames: [0, 1, 2].map((frame) => [emptyFrame(frame)]), episodes: [] },
  'one face that comes and goes': {
    frames: [[emptyFrame(0)], [faceRecord(1)], [unreadableFace(2)], [faceRecord(3)], [emptyFrame(4)]],
    episodes: [episode()],
  },
  'several tracks': {
    frames: Array.from({ length: 20 }, (_, frame) => [1, 2, 5].map((track) => faceRecord(frame, { track }))),
    episodes: [1, 2, 5].map((track) => episode({ track, offsetUs: micros(700_000 + track) })),
  },
};

/** Entries that a file of a run must have. */
function expectedEntries(name: string, { frames, episodes }: Run): number {
  if (name.endsWith('.people.json')) return new Set(frames.flat().flatMap(({ track }) => track ?? [])).size;
  if (/episodes\.jsonl|\.vtt|\.tsv|\.eaf/.test(name)) return episodes.length;
  if (name.endsWith('_tsconf.xml')) {
    const read = frames.flat().filter(({ emotions }) => emotions !== null);
    return new Set(read.map(({ track }) => track)).size * ELAN_SIGNALS.length;
  }
  return name.includes('elan-tracks') ? frames.length : frames.flat().length;
}

async function open(dir: string, format: OutputName, write?: WriteBytes) {
  const { sink } = await openOutputs({
    base: join(dir, 'run'),
    outputs: [format],
    overwrite: false,
    landmarks: '68',
    run: runInfo,
    video: videoInfo,
    ...(write ? { write } : {}),
  });
  return sink;
}

describe.each(FORMATS)('%s', (format) => {
  test.each(Object.entries(RUNS))('%s: one entry each, read back', async (_, run) => {
    const dir = folder();
    const sink = await open(dir, format);
    for (const frame of run.frames) await sink.records(frame);
    for (const each of run.episodes) await sink.episode(each);
    await sink.close(summaryOf(run.frames.flat()));
    await sink.close(summaryOf(run.frames.flat()));
    const files = readdirSync(dir).filter((name) => !name.endsWith('.manifest.json'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files)
      expect([name, await entriesOf(join(dir, name))]).toEqual([name, expectedEntries(name, run)]);
  });

  test('an interrupted run is valid up to there, and says so', async () => {
    const dir = folder();
    const sink = await open(dir, format);
    for (let frame = 0; frame < 300; frame++) await sink.records([faceRecord(frame), faceRecord(frame, { track: 2 })]);
    await sink.close(summaryOf([], { status: 'interrupted' }));
    for (const name of readdirSync(dir).filter((each) => !each.endsWith('.manifest.json'))) {
      expect(await entriesOf(join(dir, name))).toBe(expectedEntries(name, { frames: framesOf(300, 2), episodes: [] }));
    }
    const manifest = JSON.parse(readFileSync(join(dir, 'run.manifest.json'), 'utf8'));
    expect(manifest.summary.status).toBe('interrupted');
  });

  test.each([0, 7, 1_000, 150_000])(
    'a disk full after %d bytes: one error, whole entries, no manifest',
    async (bytes) => {
      const dir = folder();
      const sink = await open(dir, format, fullAfter(bytes));
      const failures: unknown[] = [];
      for (let frame = 0; frame < 600 && failures.length === 0; frame++) {
        try {
          await sink.records([faceRecord(frame, { confidence: (frame * 0.618034) % 1 })]);
          // Long enough for the small formats to reach the bound.
          await sink.episode(episode({ onsetUs: micros(frame * 1000), id: `${frame}${'x'.repeat(600)}` }));
        } catch (error) {
          failures.push(error);
        }
      }
      await sink.close(summaryOf([])).catch((error: unknown) => failures.push(error));
      const written = readdirSync(dir);
      const fits = failures.length === 0;
      // Only a format whose whole output fits may succeed: one line a track is short.
      if (fits) expect(bytes).toBeGreaterThanOrEqual(format === 'people' ? 1_000 : 150_000);
      expect(written.includes('run.manifest.json')).toBe(fits);
      for (const failure of failures) {
        expect(failure).toMatchObject({ code: 'OUTPUT_UNWRITABLE', exitCode: 8 });
        expect((failure as Error).message).toMatch(/^cannot write .*run\.\S+ \(ENOSPC\); free disk space[^\n]*$/);
      }
      for (const name of written.filter((each) => !/manifest|\.part$/.test(each))) {
        const text = readFileSync(join(dir, name), 'utf8');
        // Without room for even a header or footer nothing can be read; else it ends at a whole entry.
        if (text === '' || (name.endsWith('.parquet') && !text.endsWith('PAR1'))) continue;
        await expect(entriesOf(join(dir, name)), basename(name)).resolves.toBeGreaterThanOrEqual(0);
      }
      expect(written.filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  );
});

function framesOf(count: number, tracks: number): FaceRecord[][] {
  return Array.from({ length: count }, (_, frame) =>
    Array.from({ length: tracks }, (_, index) => faceRecord(frame, { track: index + 1 })),
  );
}

test('nothing that is missing is ever 0: tables of frames without a face', async () => {
  const dir = folder();
  const { sink } = await openOutputs({
    base: join(dir, 'run'),
    outputs: FORMATS,
    overwrite: false,
    landmarks: '68',
    run: runInfo,
    video: videoInfo,
  });
  await sink.records([emptyFrame(1)]);
  await sink.close(summaryOf([]));
  // Counters and flags that are 0 by their definition.
  const zeros: Record<string, string[]> = { 'run.openface.csv': ['face_id', 'confidence', 'success'] };
  for (const name of readdirSync(dir).filter((each) => each.endsWith('.csv'))) {
    const [row] = readTable(readFileSync(join(dir, name), 'utf8'));
    const found = Object.keys(row!).filter((column) => row![column] !== '' && Number(row![column]) === 0);
    expect([name, found]).toEqual([name, zeros[name] ?? []]);
  }
});
