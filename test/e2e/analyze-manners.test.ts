import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ffmpeg, H264 } from '../support/make-video.js';
import { ABSENT } from '../support/pretended-hardware.js';
import { DEMO, runCli } from '../support/run-cli.js';

const dir = mkdtempSync(join(tmpdir(), 'mien-manners-'));
const at = (name: string): string => join(dir, name);
const analyze = (...args: readonly string[]) => runCli(['analyze', ...args, '-o', at('out'), '--overwrite']);
const read = (name: string, ending: string): string => readFileSync(at(`out/${name}/${name}${ending}`), 'utf8');

beforeAll(() => {
  const cut = (name: string, ...filter: readonly string[]) =>
    ffmpeg('-i', `${DEMO}talking-face.mp4`, '-frames:v', '4', ...filter, ...H264, at(name));
  cut('plain.mp4');
  cut('sideways.mp4', '-vf', 'transpose=clock');
  cut('upside.mp4', '-vf', 'hflip,vflip');
  cut('tile.mp4', '-vf', 'scale=-2:130,pad=1920:1080:1500:700:gray');
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a picture that shows no face as it is', () => {
  test('turned: found, read and told', async () => {
    const { code, stdout } = await analyze(at('sideways.mp4'), '--formats', 'csv');
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 person, .*100\.0 % of frames\n {2}note: turned 270 degrees clockwise/);
    const { run } = JSON.parse(read('sideways', '.manifest.json'));
    expect(run).toMatchObject({ video: { widthPx: 640, turnedDegrees: 270 }, notes: [expect.stringMatching(/270/)] });
  });
  test('on its head, where the detector sees a false upright face', async () => {
    const { code, stdout } = await analyze(at('upside.mp4'), '--formats', 'csv');
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 person, .*100\.0 % of frames\n {2}note: turned 180 degrees clockwise/);
  });
  test('turned, but to be left: the face is found as it lies', async () => {
    const { stdout } = await analyze(at('sideways.mp4'), '--rotate', '0', '--formats', 'csv');
    expect(stdout).toMatch(/1 person, .*100\.0 % of frames/);
  });
  test('small in a large picture: the option that finds it', async () => {
    const { stdout } = await analyze(at('tile.mp4'), '--max-side', '640', '--formats', 'csv');
    expect(stdout).toMatch(
      /0 face tracks[\s\S]*in full size there are faces in 1 of 1 frame looked.*: use --max-side 1920/,
    );
  });
});

test('the small model reads a smile too, alone, and the manifest names it', async () => {
  const out = await analyze(
    `${DEMO}step-smile.mp4`,
    '--model',
    'small',
    '--start',
    '1',
    '--fps',
    '8',
    '--formats',
    'jsonl',
  );
  expect(out).toMatchObject({ code: 0, stderr: '' });
  const { run, actionUnits } = JSON.parse(read('step-smile', '.manifest.json'));
  const ids = run.models.map(({ id }: { id: string }) => id);
  expect(ids.filter((id: string) => id.startsWith('mien-affect'))).toEqual(['mien-affect-small']);
  expect(run.options).toMatchObject({ model: 'small' });
  expect(actionUnits.definitions.validity).toContain('models/mien-affect-small/card.md');
  const labels = read('step-smile', '.records.jsonl').trim().split('\n');
  expect(labels.map((line) => JSON.parse(line).label)).toContain('happiness');
});

test('a video whose first frame shows an upright face is decoded once', async () => {
  writeFileSync(at('counting'), `#!/bin/sh\necho ffmpeg >> '${at('runs.txt')}'\nexec ffmpeg "$@"\n`);
  chmodSync(at('counting'), 0o755);
  vi.stubEnv('FFMPEG_PATH', at('counting'));
  const { code } = await analyze(at('plain.mp4'), at('upside.mp4'), '--formats', 'csv');
  vi.unstubAllEnvs();
  expect(code).toBe(0);
  // The other one: as it lies, which way up it is, and turned.
  expect(readFileSync(at('runs.txt'), 'utf8')).toBe('ffmpeg\n'.repeat(1 + 3));
});

test('hardware that is not there: one line for each, whatever the number of videos, and the manifests say so', async () => {
  const device = process.platform === 'darwin' ? 'dml' : 'coreml';
  const files = [at('plain.mp4'), at('upside.mp4')];
  const options = ['--rotate', '0', '--formats', 'jsonl'];
  await analyze(...files, ...options);
  const before = read('plain', '.records.jsonl');
  const { code, stdout, stderr } = await analyze(...files, ...options, '--device', device, '--decode', ABSENT);
  expect(code).toBe(0);
  const lines = stderr.split('\n').filter((line) => line.includes('warning'));
  const models = expect.stringContaining(`models run on the processor, not on ${device}: ONNX Runtime for`);
  const video = expect.stringContaining(`video is decoded in software, not by ${ABSENT}: `);
  expect(lines).toEqual([models, video]);
  expect(stdout).not.toMatch(/software|processor/);
  for (const name of ['plain', 'upside']) {
    const { run } = JSON.parse(read(name, '.manifest.json'));
    expect(run.device).toEqual({ asked: device, used: 'cpu', problem: models });
    expect(run.decoder).toEqual({ asked: ABSENT, used: 'none', problem: video });
  }
  expect(read('plain', '.records.jsonl')).toBe(before);
});

test('au-only, the last of two modes: no emotion in any file, and every file says so', async () => {
  const { code } = await analyze(
    at('plain.mp4'),
    '--mode',
    'full',
    '--mode',
    'au-only',
    '--formats',
    'jsonl,csv,report',
  );
  expect(code).toBe(0);
  const record = JSON.parse(
    read('plain', '.records.jsonl')
      .split('\n')
      .find((line) => line.includes('"actionUnits":{'))!,
  );
  expect(record).toMatchObject({ emotions: null, valenceArousal: null, missing: { emotions: 'au-only' } });
  expect(JSON.parse(read('plain', '.manifest.json'))).toMatchObject({
    run: { options: { mode: 'au-only' } },
    conventions: { emotions: expect.stringMatching(/^not inferred/) },
  });
  expect(read('plain', '.report.html')).toContain('No emotion was inferred');
  expect(read('plain', '.report.html')).toMatch(/mode<\/th><td[^>]*>au-only/);
});

test('for programs: the files that are there, counts and how it ends, and not a word else', async () => {
  const { code, stdout, stderr } = await analyze(at('sideways.mp4'), '--formats', 'csv', '--json', '--quiet');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [video, end] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(video).toMatchObject({ type: 'video', input: at('sideways.mp4'), status: 'complete', frames: 4, error: null });
  expect(video.notes).toEqual([expect.stringMatching(/^turned 270 degrees/)]);
  const files: string[] = Object.values<string[]>(video.outputs).flat();
  expect(files.filter((path) => !existsSync(path))).toEqual([]);
  expect(files.sort()).toEqual(
    readdirSync(video.folder)
      .map((name) => join(video.folder, name))
      .sort(),
  );
  expect(end).toEqual({ type: 'end', exitCode: 0, videos: 1, done: 1, failed: 0, error: null });
});

test('a folder goes on after each that fails, and lists them at the end', async () => {
  mkdirSync(at('batch'));
  const long = `${'a'.repeat(240)}.mp4`;
  for (const name of [long, 'ok.mp4']) writeFileSync(at(`batch/${name}`), readFileSync(at('plain.mp4')));
  writeFileSync(at('batch/bad.mp4'), 'no video');
  symlinkSync(at('nowhere'), at('batch/link.mp4'));
  // A file where a folder has to be.
  mkdirSync(at('out'), { recursive: true });
  writeFileSync(at('batch/blocked.mp4'), readFileSync(at('plain.mp4')));
  writeFileSync(at('out/blocked'), '');
  const { code, stdout, stderr } = await analyze(at('batch'), at('gone.mp4'), '--formats', 'csv');
  expect(stdout).toMatch(/\n2 of \d done, not whole:\n/);
  expect(stdout.split('not whole:')[1]).toMatch(
    /gone\.mp4: no such file[\s\S]*bad\.mp4: is text, not a video[\s\S]*blocked/,
  );
  expect(code).toBe(3);
  expect(stderr).not.toMatch(/unexpected|\n {4}at /);
  const made = readdirSync(at('out')).filter((name) => name.startsWith('aaaa'));
  expect(made).toEqual([expect.stringMatching(/^a{91}~[0-9a-f]{8}$/)]);
  expect(existsSync(at('out/ok/ok.manifest.json'))).toBe(true);
});

test('several videos at once, of subfolders too, give the files that one after the other gives', async () => {
  mkdirSync(at('deep/er'), { recursive: true });
  for (const name of ['one', 'er/two', 'er/three'])
    writeFileSync(at(`deep/${name}.mp4`), readFileSync(at('plain.mp4')));
  const run = async (out: string, ...args: readonly string[]) => {
    const result = await runCli(['analyze', at('deep'), '--recursive', '--formats', 'jsonl', '-o', at(out), ...args]);
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toMatch(/3 of 3 done/);
    return ['one', 'two', 'three'].map((name) => readFileSync(at(`${out}/${name}/${name}.records.jsonl`), 'utf8'));
  };
  expect(await run('together', '--jobs', '3')).toEqual(await run('in-turn'));
});

test('what is wrong for all ends those that are analysed at the same time, once', async () => {
  const { code, stderr } = await analyze(
    at('plain.mp4'),
    at('tile.mp4'),
    '--jobs',
    '2',
    ...['--mllm-url', 'http://127.0.0.1:9/v1', '--mllm-model', 'm'],
  );
  expect(code).toBe(15);
  expect(stderr.match(/^mien: .*$/gm)).toEqual([
    expect.stringMatching(/nothing answers at .*; nothing was analysed\)$/),
  ]);
});

describe('nonsense is one clear line', () => {
  test.each([
    { args: ['plain.mp4', '--start', '5', '--end', '2'], code: 2, words: /--end 2 is not after --start 5; give/ },
    { args: ['plain.mp4', '--start', '100'], code: 2, words: /plain\.mp4: ends at .* before the start asked for/ },
    { args: ['plain.mp4', '--start', '-1'], code: 2, words: /seconds, at least 0/ },
    { args: ['plain.mp4', '--start', 'NaN'], code: 2, words: /seconds, at least 0/ },
    { args: ['plain.mp4', '--end', ''], code: 2, words: /seconds, at least 0/ },
    { args: ['plain.mp4', '--fps', '0'], code: 2, words: /a rate of at least 0\.001/ },
    { args: ['plain.mp4', '--lanes', '1e9'], code: 2, words: /whole number from 1 to 64/ },
    { args: ['plain.mp4', '--max-side', '1e9'], code: 2, words: /whole number from 64 to 16384/ },
    { args: ['plain.mp4', '--min-face', '2.5'], code: 2, words: /whole number from 16/ },
    { args: ['plain.mp4', '--stream', '9'], code: 4, words: /has no video stream 9; choose only 0/ },
    { args: ['plain.mp4', '--rotate', '45'], code: 2, words: /auto, 0, 90, 180, 270/ },
    { args: ['plain.mp4', '--mode', 'half'], code: 2, words: /full, au-only/ },
    { args: ['plain.mp4', '--formats', ''], code: 2, words: /choose from all,jsonl,csv,.*,overlay/ },
    { args: ['plain.mp4', '--formats', 'webvt'], code: 2, words: /there is no "webvt"; did you mean "webvtt"\?/ },
    {
      args: ['plain.mp4', '--out', 'res.fex.csv'],
      code: 2,
      words: /results go to a folder: --out res.fex --formats fex/,
    },
    { args: ['plain.mp4', '--stats', ''], code: 2, words: /expected a name/ },
    { args: ['plain.mp4', '--overlay', 'plain.mp4'], code: 2, words: /is a video to be read; choose another name/ },
    { args: ['plain.mp4', '--stats', './plain.mp4'], code: 2, words: /is a video to be read; choose another name/ },
    { args: ['-dash.mp4'], code: 2, words: /-dash\.mp4 is a file here: write \.\/-dash\.mp4/ },
    { args: ['-only.mp4'], code: 2, words: /-only\.mp4 is a file here: write \.\/-only\.mp4/ },
  ])('$args: $code', async ({ args, code, words }) => {
    for (const name of ['-dash.mp4', '-only.mp4']) writeFileSync(at(name), '');
    const answer = await runCli(['analyze', ...args], undefined, dir);
    expect(answer.stderr).toMatch(words);
    expect(answer.stderr).not.toMatch(/unexpected error|\n {4}at /);
    expect(answer.code).toBe(code);
  });
});
