import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdStudy } from '../../src/study/hold-study.js';
import { DEMO, runCli } from '../support/run-cli.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-study-'));
  for (const name of ['a.mp4', 'b.mp4', 'c.mp4']) await copyFile(join(DEMO, 'step-smile.mp4'), join(folder, name));
  await writeFile(join(folder, 'bad.mp4'), 'no video');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const study = (fps: number, more = ''): string => `
participants: [{ id: P01 }, { id: P02 }, { id: P03 }]
analyze: { fps: ${fps}, formats: [csv, report] }
sessions:
  - id: S1
    videos:
      - { id: va, path: a.mp4, people: { 1: P01 } }
      - { id: bad, path: bad.mp4 }
  - id: S2
    videos: [{ id: vb, path: b.mp4, people: { 1: P02, 2: P03 } }]
${more}`;

interface Told {
  readonly type: string;
  readonly name?: string;
  readonly status?: string;
  readonly exitCode?: number;
}

const toldBy = (stdout: string): Told[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);

/** What a run says of each video, and its exit code. */
async function run(...more: string[]) {
  const { code, stdout, stderr } = await runCli(['study', 'run', 'study.yaml', '--json', ...more], undefined, folder);
  const videos = toldBy(stdout).filter(({ type }) => type === 'video');
  return { code, stderr, states: Object.fromEntries(videos.map(({ name, status }) => [name, status])) };
}

/** Ten starts of the program, on a machine that may be busy. */
const SLOW = { timeout: 400_000 };

describe('a study', SLOW, () => {
  it('goes on after one video failed, and does only what is missing or changed the next time', async () => {
    await writeFile(join(folder, 'study.yaml'), study(5));
    const first = await run('--jobs', '2');
    expect(first.states).toEqual({ va: 'complete', bad: 'failed', vb: 'complete' });
    expect(first.code).toBe(4);
    const second = await run();
    expect(second.states).toEqual({ va: 'done-before', bad: 'failed', vb: 'done-before' });
    // A copy elsewhere in time is the same file; other options are not the same results.
    await utimes(join(folder, 'a.mp4'), 1, 1);
    await writeFile(join(folder, 'study.yaml'), study(4));
    const third = await run('--only', 'S2');
    expect(third.states).toEqual({ vb: 'complete' });
    expect(third.code).toBe(0);
    expect(third.stderr).toContain('vb: analysed again: changed: fps 5 to 4');
    expect(existsSync(join(folder, 'results/videos/vb/vb.people.json'))).toBe(true);
    // Tables are of the sessions that are whole; why another is not in them is said.
    expect(await readFile(join(folder, 'results/numbers.csv'), 'utf8')).toContain('P02');
    expect(existsSync(join(folder, 'results/report.html'))).toBe(true);
    expect(third.stderr).toMatch(/numbers: .*S1/);
  });

  it('has a status: people found against people expected', async () => {
    const { stdout } = await runCli(['study', 'status', 'study.yaml', '--json'], undefined, folder);
    expect(toldBy(stdout)).toMatchObject([
      { video: 'va', state: 'complete', frames: 20, expected: 1, found: 1, people: { 1: 'P01' }, problems: [] },
      { video: 'bad', state: 'failed', problems: ['INPUT_NO_VIDEO'] },
      { video: 'vb', state: 'complete', frames: 16, expected: 2, found: 1, problems: ['P03 not found (person 2)'] },
      { type: 'end', videos: 3, done: 2 },
    ]);
  });

  it('keeps no path and no name in study.json', async () => {
    const text = await readFile(join(folder, 'results/study.json'), 'utf8');
    expect(text).not.toContain(folder);
    expect(text).not.toContain('.mp4');
  });

  it('has its results to itself', async () => {
    const held = await holdStudy(
      { results: join(folder, 'results') },
      { signal: new AbortController().signal, say: () => undefined },
    );
    const { code, stderr } = await run();
    await held.release();
    expect(code).toBe(19);
    expect(stderr).toContain(`pid ${process.pid}`);
  });

  it('goes on where it was killed, and does nothing twice', async () => {
    await writeFile(join(folder, 'study.yaml'), study(25, '  - { id: S3, videos: [{ id: vc, path: c.mp4 }] }'));
    const killed = spawn(process.execPath, [MAIN, 'study', 'run', 'study.yaml'], { cwd: folder, stdio: 'ignore' });
    const ended = new Promise((resolve) => killed.on('close', resolve));
    const account = async () =>
      JSON.parse(await readFile(join(folder, 'results/study.json'), 'utf8')) as {
        videos: { id: string; state: string; madeFrom: { analysis: { fps: number } } }[];
      };
    const stateOf = async (id: string) =>
      (await account()).videos.find((video) => video.id === id && video.madeFrom.analysis.fps === 25)?.state;
    await expect.poll(() => stateOf('vb'), { timeout: 300_000, interval: 20 }).toBe('begun');
    killed.kill('SIGKILL');
    await ended;
    expect(await stateOf('va')).toBe('complete');
    const { states } = await run();
    expect(states).toEqual({ va: 'done-before', bad: 'failed', vb: 'complete', vc: 'complete' });
    const rows = (await readFile(join(folder, 'results/videos/vb/vb.csv'), 'utf8')).trim().split('\n');
    const alike = (await readFile(join(folder, 'results/videos/vc/vc.csv'), 'utf8')).trim().split('\n');
    const numbers = (lines: readonly string[], source: string) => lines.map((line) => line.replaceAll(source, ''));
    expect(numbers(rows, 'vb')).toEqual(numbers(alike, 'vc'));
  });
});

describe('a participant who is to be forgotten', SLOW, () => {
  it('is out of all results after --yes, and does not come back', async () => {
    const dry = await runCli(['study', 'forget', 'study.yaml', '--participant', 'P02'], undefined, folder);
    expect(dry.stdout).toContain('would delete whole');
    expect(existsSync(join(folder, 'results/videos/vb'))).toBe(true);
    const { code } = await runCli(
      ['study', 'forget', 'study.yaml', '--participant', 'P02', '--yes'],
      undefined,
      folder,
    );
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'results/videos/vb'))).toBe(false);
    expect(existsSync(join(folder, 'b.mp4'))).toBe(true);
    expect(await readFile(join(folder, 'results/numbers.csv'), 'utf8')).not.toContain('P02');
    const again = await run();
    expect(again.code).toBe(12);
    expect(again.stderr).toContain('P02');
  });
});

describe('a key file', SLOW, () => {
  it('says who a pseudonym is, and is refused among the results', async () => {
    await writeFile(join(folder, 'key.csv'), 'participant,name\nP01,Ana Example\nP02,Ben Example\n');
    const who = (word: string, key: string) =>
      runCli(['study', 'who', 'study.yaml', word, '--key', key], undefined, folder);
    expect((await who('P01', 'key.csv')).stdout).toBe('P01  Ana Example\n');
    expect((await who('ben', 'key.csv')).stdout).toBe('P02  Ben Example\n');
    await copyFile(join(folder, 'key.csv'), join(folder, 'results/key.csv'));
    expect((await who('P01', 'results/key.csv')).code).toBe(12);
  });
});
