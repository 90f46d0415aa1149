import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { analyzeReporter } from '../../../src/cli/analyze-reporter.js';
import { AffectError } from '../../../src/domain/errors.js';
import { Tally } from '../../../src/domain/run-tally.js';
import { runInProcess } from '../../support/run-in-process.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
afterEach(() => vi.restoreAllMocks());

const plan = { input: 'x/a.mp4', name: 'a', dir: 'out/a' };
const damaged = new AffectError('INPUT_DAMAGED', 'x/a.mp4: damaged');
const failed = { plan: null, error: new AffectError('INPUT_NOT_FOUND', 'gone.mp4: no such file') };

/** What is told of a damaged video, one that was done before, and an argument that names nothing. */
function told(flags: { readonly json?: boolean; readonly quiet?: boolean }): string[] {
  const lines: string[] = [];
  const reporter = analyzeReporter(flags, (line) => lines.push(line));
  reporter.failed(failed);
  reporter.doneBefore('[2/2] b', { ...plan, name: 'b' });
  const event = {
    type: 'done',
    summary: new Tally().summary('damaged', 'x/a.mp4: damaged'),
    problem: damaged,
    outputs: new Map([['csv', ['out/a/a.frames.csv', 'out/a/a.episodes.csv']]] as const),
    manifestPath: 'out/a/a.manifest.json',
    people: 2,
    notes: ['turned'],
    asked: null,
  } as const;
  reporter.finished({ label: '[1/2] a', plan, seconds: 2, event });
  reporter.end({ videos: 2, done: 1, failures: [failed, { plan, error: damaged }] }, failed.error);
  return lines;
}

describe('the results of analyze', () => {
  it('are one object a line for programs, with files, counts, notes and why it ended', () => {
    const gone = { code: 'INPUT_NOT_FOUND', exitCode: 3, message: 'gone.mp4: no such file' };
    const [first, second, third, end] = told({ json: true }).map((line) => JSON.parse(line));
    expect(first).toEqual({ type: 'video', input: null, name: null, folder: null, status: 'failed', error: gone });
    expect(second).toMatchObject({ type: 'video', name: 'b', status: 'done-before', error: null });
    expect(third).toMatchObject({
      ...{ type: 'video', input: 'x/a.mp4', name: 'a', folder: 'out/a', status: 'damaged', seconds: 2 },
      ...{ frames: 0, records: 0, tracks: 0, episodes: 0, coverage: { ok: 0 }, noticed: [], notes: ['turned'] },
      error: { code: 'INPUT_DAMAGED', exitCode: 6 },
      outputs: { csv: ['out/a/a.frames.csv', 'out/a/a.episodes.csv'], manifest: ['out/a/a.manifest.json'] },
      languageModel: null,
    });
    expect(end).toEqual({ type: 'end', exitCode: 3, videos: 2, done: 1, failed: 2, error: gone });
    expect(told({ json: true, quiet: true })).toHaveLength(4);
  });

  it('are words for people, and nothing with --quiet', () => {
    expect(told({}).slice(0, 2)).toEqual(['[2/2] b: done before', expect.stringMatching(/^\[1\/2\] a: 0 frames/)]);
    expect(told({ quiet: true })).toEqual([]);
  });
});

describe('the command', () => {
  it('tells what was done before, what there is not, and how it ends', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'a.mp4'), '');
    mkdirSync(join(dir, 'out/a'), { recursive: true });
    writeFileSync(join(dir, 'out/a/a.manifest.json'), '{}');
    const argv = ['analyze', join(dir, 'a.mp4'), join(dir, 'gone.mp4'), '--out', join(dir, 'out'), '--resume'];
    const { code, out, err } = await runInProcess(...argv, '--json', '--quiet');
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { type: 'video', input: null, status: 'failed' },
      { type: 'video', name: 'a', status: 'done-before' },
      { type: 'end', exitCode: 3, videos: 1, done: 1, failed: 1, error: { code: 'INPUT_NOT_FOUND' } },
    ]);
    expect(code).toBe(3);
    expect(err).toMatch(/^mien: .*gone\.mp4: no such file[^\n]*\n$/);
    expect((await runInProcess(...argv, '--quiet')).out).toBe('');
  });

  it('tells how it ends also when it cannot begin', async () => {
    const { code, out } = await runInProcess('analyze', 'a.mp4', '--overwrite', '--resume', '--json');
    expect(JSON.parse(out)).toMatchObject({ type: 'end', exitCode: 2, videos: 0, error: { code: 'USAGE' } });
    expect(code).toBe(2);
  });
});

it('models list is one object a line', async () => {
  const { code, out } = await runInProcess('models', 'list', '--json');
  const models = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(models).toContainEqual(expect.objectContaining({ id: 'mien-affect', licence: expect.any(String) }));
  expect(code).toBe(0);
});
