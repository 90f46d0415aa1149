import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO, runCliAside } from '../support/run-cli.js';

const SMILE = join(DEMO, 'step-smile.mp4');
const TALKING = join(DEMO, 'talking-face.mp4');
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mien-analyze-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

interface Line {
  readonly frame: number;
  readonly ptsUs: number;
  readonly track: number | null;
  readonly validity: string;
  readonly label: string | null;
  readonly pose: { readonly yaw: number; readonly pitch: number; readonly roll: number } | null;
  readonly emotions: { readonly smoothed: Record<string, number> } | null;
}
const recordsOf = (folder: string, name: string): Line[] =>
  readFileSync(join(folder, name, `${name}.records.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

interface Truth {
  readonly ptsUs: number[];
  readonly cutsUs: number[];
  readonly people: {
    readonly episodes: { readonly name: string; readonly onsetUs: number; readonly offsetUs: number }[];
    readonly frames: { readonly visible: boolean[]; readonly pose: ([number, number, number] | null)[] };
  }[];
}
const truthOf = (name: string) => JSON.parse(readFileSync(join(DEMO, `${name}.truth.json`), 'utf8')) as Truth;

/** Contents of a result folder, less what tells when the run began, and where the folder is. */
function results(folder: string): Map<string, string> {
  const timeless = (text: string) =>
    text.replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z)?/g, '').replaceAll(/"sha256": "[0-9a-f]+"/g, '');
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, timeless(readFileSync(join(folder, name), 'latin1').replaceAll(folder, ''))]),
  );
}

describe('mien analyze on rendered faces with known movements', () => {
  it('has a record for every frame, at ffprobe’s times, with one valid track', async () => {
    const run = await runCliAside(['analyze', SMILE, '--out', join(dir, 'smile')]);
    expect(run, run.stderr).toMatchObject({ code: 0, stderr: '' });
    const records = recordsOf(join(dir, 'smile'), 'step-smile');
    const probed = execFileSync(
      'ffprobe',
      ['-v', 'error', '-select_streams', 'v', '-show_entries', 'frame=pts_time', '-of', 'csv=p=0', SMILE],
      { encoding: 'utf8' },
    )
      .trim()
      .split('\n')
      .map((line) => Number.parseFloat(line))
      .filter((time) => !Number.isNaN(time));
    expect(records.length).toBe(probed.length);
    for (const [index, record] of records.entries())
      expect(Math.abs(record.ptsUs / 1e6 - probed[index]!)).toBeLessThan(0.001);
    expect(new Set(records.map((record) => record.track))).toEqual(new Set([1]));
    expect(records.every((record) => record.validity === 'ok')).toBe(true);
  });

  it('follows the step of the smile within 250 ms, and says neutral before', () => {
    const records = recordsOf(join(dir, 'smile'), 'step-smile');
    const [smile] = truthOf('step-smile').people[0]!.episodes;
    const begins = records.find((record) => record.label === 'happiness')!;
    // The three frames of the movement itself end 120 ms after its onset.
    expect(begins.ptsUs).toBeGreaterThanOrEqual(smile!.onsetUs);
    expect(begins.ptsUs - (smile!.onsetUs + 120_000)).toBeLessThanOrEqual(250_000);
    const before = records.filter((record) => record.ptsUs > 200_000 && record.ptsUs < smile!.onsetUs);
    expect(new Set(before.map((record) => record.label))).toEqual(new Set(['neutral']));
  });

  it('gives identical files twice', async () => {
    await runCliAside(['analyze', SMILE, '--out', join(dir, 'again')]);
    expect(results(join(dir, 'again', 'step-smile'))).toEqual(results(join(dir, 'smile', 'step-smile')));
  });

  it('reads poses, ends tracks at the cut, and tells people apart', async () => {
    const run = await runCliAside(['analyze', TALKING, '--out', join(dir, 'talking'), '--formats', 'jsonl']);
    expect(run.code, run.stderr).toBe(0);
    const records = recordsOf(join(dir, 'talking'), 'talking-face');
    const truth = truthOf('talking-face');
    const [cut] = truth.cutsUs.filter((at) => at > 0);
    const before = new Set(records.filter((record) => record.ptsUs < cut!).map((record) => record.track));
    const after = new Set(records.filter((record) => record.ptsUs >= cut!).map((record) => record.track));
    for (const track of before) if (track !== null) expect(after.has(track)).toBe(false);
    // One person before the cut; two after it.
    expect([...before].filter((track) => track !== null)).toHaveLength(1);
    expect([...after].filter((track) => track !== null)).toHaveLength(2);
    const seen = truth.people[0]!.frames.visible.filter(Boolean).length;
    const valid = records.filter(
      (record) => record.validity === 'ok' && record.track !== Math.max(...(after as Set<number>)),
    ).length;
    expect(valid / seen).toBeGreaterThan(0.95);
    // Yaw, pitch and roll of the first person in the first cut against the renderer's.
    const errors = records
      .filter((record) => record.ptsUs < cut! && record.pose)
      .map((record) => Math.abs(record.pose!.yaw - truth.people[0]!.frames.pose[record.frame]![0]));
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan((4 * Math.PI) / 180);
  });

  it('an interrupted run is valid, and resumed it gives the files of a whole run', async () => {
    const out = join(dir, 'resumed');
    const folder = join(out, 'talking-face');
    mkdirSync(folder, { recursive: true });
    const what = ['analyze', TALKING, '--end', '9', '--formats', 'jsonl,csv,parquet,webvtt'];
    const args = [...what, '--out', out];
    let stopped = false;
    const interrupted = await runCliAside(args, (kill) => {
      const watcher = watch(folder, (_event, name) => {
        if (stopped || !name?.endsWith('.journal') || readFileSync(join(folder, name)).byteLength < 200_000) return;
        stopped = true;
        watcher.close();
        kill('SIGINT');
      });
    });
    expect(interrupted.code, interrupted.stderr).toBe(130);
    expect(interrupted.stderr).toMatch(/^mien: stopped at .* continue with --resume\n$/);
    const partial = recordsOf(out, 'talking-face');
    expect(partial.length).toBeGreaterThan(0);
    const refused = await runCliAside(args);
    expect(refused.code).toBe(7);
    const resumed = await runCliAside([...args, '--resume']);
    expect(resumed.code, resumed.stderr).toBe(0);
    await runCliAside([...what, '--out', join(dir, 'whole')]);
    expect(recordsOf(join(dir, 'whole'), 'talking-face').length).toBeGreaterThan(partial.length);
    expect(results(folder)).toEqual(results(join(dir, 'whole', 'talking-face')));
    const again = await runCliAside([...args, '--resume']);
    expect(again).toMatchObject({ code: 0, stdout: 'talking-face: done before\n' });
  });
});

describe('mien analyze on bad input', () => {
  const oneLine = /^mien: [^\n]+\n$/;

  it.each([
    ['a missing file', () => ['analyze', join(dir, 'none.mp4')], 3],
    [
      'a folder without video',
      () => {
        mkdirSync(join(dir, 'empty'), { recursive: true });
        return ['analyze', join(dir, 'empty')];
      },
      4,
    ],
    [
      'a text file',
      () => {
        writeFileSync(join(dir, 'a.mp4'), 'not a video\n');
        return ['analyze', join(dir, 'a.mp4')];
      },
      4,
    ],
    [
      'an empty file',
      () => {
        writeFileSync(join(dir, 'b.mp4'), '');
        return ['analyze', join(dir, 'b.mp4')];
      },
      4,
    ],
    ['existing output', () => ['analyze', SMILE, '--out', join(dir, 'smile')], 7],
    ['contradicting options', () => ['analyze', SMILE, '--overwrite', '--resume'], 2],
  ] as const)('%s: one line and its exit code', async (_name, prepare, code) => {
    const run = await runCliAside([...prepare()]);
    expect(run.stderr).toMatch(oneLine);
    expect(run.code).toBe(code);
  });

  it('an unknown option is named, with the way to help', async () => {
    const run = await runCliAside(['analyze', SMILE, '--nope']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("unknown option '--nope'");
  });

  it('a folder that cannot be made', async () => {
    writeFileSync(join(dir, 'file'), '');
    const run = await runCliAside(['analyze', SMILE, '--out', join(dir, 'file')]);
    expect(run.code).toBe(8);
    expect(run.stderr).toMatch(oneLine);
  });

  it('a truncated video keeps what could be read, in valid files', async () => {
    const cut = join(dir, 'cut.mkv');
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', SMILE, '-c', 'copy', cut]);
    writeFileSync(cut, readFileSync(cut).subarray(0, 20_000));
    const run = await runCliAside(['analyze', cut, '--out', join(dir, 'cut')]);
    expect(run.code, run.stderr).toBe(6);
    expect(run.stderr).toMatch(oneLine);
    const records = recordsOf(join(dir, 'cut'), 'cut');
    expect(records.length).toBeGreaterThan(20);
    const manifest = JSON.parse(readFileSync(join(dir, 'cut', 'cut', 'cut.manifest.json'), 'utf8'));
    expect(manifest.summary.status).toBe('damaged');
  });

  it('one bad file does not stop the others, and its code is the run’s', async () => {
    const folder = join(dir, 'mixed');
    mkdirSync(folder);
    copyFileSync(join(dir, 'a.mp4'), join(folder, 'a.mp4'));
    copyFileSync(SMILE, join(folder, 'b.mp4'));
    const run = await runCliAside(['analyze', folder, '--out', join(dir, 'mixed-out'), '--formats', 'csv']);
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(oneLine);
    expect(readdirSync(join(dir, 'mixed-out', 'b'))).toContain('b.csv');
  });
});
