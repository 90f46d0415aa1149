import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AffectError, type AnalysisItem, type AnalyzeOptions, analyze, startRuntime } from '../../src/index.js';
import type { ModelRuntime } from '../../src/pipeline/model-runtime.js';
import { jsonEpisode, recordLine } from '../../src/record/record-json.js';
import { childProcesses } from '../support/child-processes.js';
import { ffmpeg } from '../support/make-video.js';
import { ABSENT } from '../support/pretended-hardware.js';
import { DEMO, runCli } from '../support/run-cli.js';
import { tempFolders } from '../support/temp-folder.js';

const TALKING = join(DEMO, 'talking-face.mp4');
const folder = tempFolders();

/** Everything that is yielded, and the error that ended it. */
async function all(path: string, options: AnalyzeOptions): Promise<{ items: AnalysisItem[]; error: unknown }> {
  const items: AnalysisItem[] = [];
  try {
    for await (const item of analyze(path, options)) items.push(item);
    return { items, error: undefined };
  } catch (error) {
    return { items, error };
  }
}

/** What keeps a program running: ffmpeg and ffprobe, and the ports of inference threads. */
const held = () => ({
  children: childProcesses().length,
  ports: process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length,
});

describe('analyze, with models of its own', () => {
  it('yields what the files of mien analyze hold, in the same order, and holds nothing after', async () => {
    const before = held();
    const out = folder();
    const run = await runCli(['analyze', TALKING, '--start', '2', '--end', '3', '--formats', 'jsonl', '--out', out]);
    expect(run, run.stderr).toMatchObject({ code: 0 });
    const lines = (name: string) =>
      readFileSync(join(out, 'talking-face', `talking-face.${name}.jsonl`), 'utf8')
        .trimEnd()
        .split('\n');
    const { items, error } = await all(TALKING, { startSeconds: 2, endSeconds: 3 });
    expect(error).toBeUndefined();
    expect(items[0]).toMatchObject({ type: 'run', run: { source: 'talking-face', video: { widthPx: 640 } } });
    expect(items.flatMap((item) => (item.type === 'record' ? recordLine(item.record, '68').trimEnd() : []))).toEqual(
      lines('records'),
    );
    expect(items.flatMap((item) => (item.type === 'episode' ? JSON.stringify(jsonEpisode(item.episode)) : []))).toEqual(
      lines('episodes'),
    );
    expect(items.at(-1)).toMatchObject({ type: 'summary', summary: { status: 'complete', frames: 25, records: 25 } });
    expect(held()).toEqual(before);
  });

  it.each(['break', 'throw', 'abort'] as const)(
    'ends ffmpeg and its threads when the loop is left: %s',
    async (how) => {
      const before = held();
      const stop = new AbortController();
      let inside = before;
      const loop = async (): Promise<void> => {
        for await (const item of analyze(TALKING, { rotate: 0, signal: stop.signal })) {
          if (item.type !== 'record' || item.record.frame < 2) continue;
          if (!stop.signal.aborted) inside = held(); // After an abort, frames that were begun still come.
          if (how === 'break') break;
          if (how === 'throw') throw new Error('of the loop');
          stop.abort('enough');
        }
      };
      const error: unknown = await loop().catch((caught: unknown) => caught);
      expect(inside.children).toBe(before.children + 1);
      expect(inside.ports).toBeGreaterThan(before.ports);
      expect(held()).toEqual(before);
      if (how === 'break') expect(error).toBeUndefined();
      if (how === 'throw') expect(error).toEqual(new Error('of the loop'));
      if (how === 'abort') {
        expect(error).toMatchObject({ code: 'INTERRUPTED', cause: 'enough' });
        expect(String(error)).toMatch(/stopped at 0\.\d\d s of .*talking-face\.mp4/);
      }
    },
  );

  it('is INTERRUPTED at once by a signal that was aborted before', async () => {
    const before = held();
    const { items, error } = await all(TALKING, { signal: AbortSignal.abort() });
    expect(items).toEqual([]);
    expect(error).toMatchObject({ code: 'INTERRUPTED' });
    expect(held()).toEqual(before);
  });
});

it('reads in a program that is given on the command line, which then ends by itself', async () => {
  const entry = JSON.stringify(new URL('../../dist/index.js', import.meta.url).href);
  const program = `const { analyze } = await import(${entry});
for await (const item of analyze(process.argv[1], { rotate: 0 }))
  if (item.type === 'record') { console.log(item.record.validity); break; }`;
  const run = promisify(execFile);
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', program, TALKING]);
  expect({ stdout, stderr }).toEqual({ stdout: 'ok\n', stderr: '' });
});

describe('analyze, with shared models', () => {
  let runtime: ModelRuntime;
  beforeAll(async () => {
    runtime = await startRuntime({ lanes: 1 });
  });
  afterAll(() => runtime.close());

  it('leaves them open, also when the loop is left', async () => {
    for await (const item of analyze(TALKING, { runtime, rotate: 0 })) if (item.type === 'record') break;
    const { items } = await all(TALKING, { runtime, rotate: 0, endSeconds: 0.2, source: 'again' });
    expect(items.filter(({ type }) => type === 'record')).toHaveLength(5);
    expect(items).toContainEqual(expect.objectContaining({ record: expect.objectContaining({ source: 'again' }) }));
  });

  it('reads two videos at once', async () => {
    const both = await Promise.all(
      ['a', 'b'].map((source) => all(TALKING, { runtime, source, rotate: 0, endSeconds: 0.4 })),
    );
    for (const { items } of both) expect(items.at(-1)).toMatchObject({ summary: { status: 'complete', frames: 10 } });
  });

  it('takes an option that is undefined for one that is left out', async () => {
    const unset = Object.fromEntries(
      ['maxSidePx', 'minFacePx', 'rotate', 'startSeconds'].map((key) => [key, undefined]),
    );
    const { items, error } = await all(TALKING, { runtime, ...unset, endSeconds: 0.1 });
    expect(error).toBeUndefined();
    expect(items[0]).toMatchObject({ run: { options: { maxSidePx: 1280, minFacePx: 24, rotate: 'auto' } } });
  });

  it('tells what decodes, and refuses a word for it that is none', async () => {
    const { items } = await all(TALKING, { runtime, decode: ABSENT, rotate: 0, endSeconds: 0.1 });
    expect(items[0]).toMatchObject({
      run: { device: { used: 'cpu' }, decoder: { asked: ABSENT, used: 'none', problem: expect.any(String) } },
    });
    expect((await all(TALKING, { runtime, decode: 'fast' as 'auto' })).error).toBeInstanceOf(RangeError);
    await expect(startRuntime({ device: 'gpu' as 'auto' })).rejects.toThrow(
      /device must be one of auto, cpu.* got gpu/,
    );
  });

  it('leaves emotions out when told', async () => {
    const { items } = await all(TALKING, { runtime, emotions: false, rotate: 0, endSeconds: 0.1 });
    expect(items[1]).toMatchObject({ record: { emotions: null, missing: { emotions: 'au-only' } } });
  });

  it('yields what comes before damage, and the summary, then throws', async () => {
    const path = join(folder(), 'cut.mkv');
    ffmpeg('-i', TALKING, '-t', '2', '-c', 'copy', path);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const { items, error } = await all(path, { runtime, rotate: 0 });
    expect(error).toMatchObject({ code: 'INPUT_DAMAGED' });
    const records = items.filter(({ type }) => type === 'record');
    expect(records.length).toBeGreaterThan(20);
    const last = items.at(-1);
    expect(last).toMatchObject({ type: 'summary', summary: { status: 'damaged', frames: records.length } });
    expect(last).toMatchObject({ summary: { problem: (error as AffectError).message } });
  });

  it.each([
    ['a missing file', { path: 'missing.mp4' }, 'INPUT_NOT_FOUND'],
    ['a time after the end', { path: TALKING, startSeconds: 99 }, 'USAGE'],
    ['a stretch without a frame', { path: TALKING, startSeconds: 0.001, endSeconds: 0.002 }, 'INPUT_NO_VIDEO'],
  ])('names the error of %s', async (_what, { path, ...options }, code) => {
    const { error } = await all(path, { runtime, rotate: 0, ...options });
    expect(error).toBeInstanceOf(AffectError);
    expect(error).toMatchObject({ code });
  });

  it.each([{ rotate: 45 }, { minFacePx: Number.NaN }, { maxSidePx: 1 }, { endSeconds: -1, startSeconds: 0 }])(
    'refuses what is out of range: %o',
    async (wrong) => {
      const { error } = await all(TALKING, { runtime, rotate: 0, ...(wrong as AnalyzeOptions) });
      expect(error).toBeInstanceOf(RangeError);
    },
  );
});
