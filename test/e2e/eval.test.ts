import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { EMOTIONS } from '../../src/domain/affect.js';
import { ffmpeg } from '../support/make-video.js';
import { npy, zip } from '../support/npz.js';
import { besidesProgress, DEMO, runCli } from '../support/run-cli.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const FACES = 20;

/** Faces of noise-like patterns: what is read in them does not matter here, only that every kind of list measures the same. */
function material(): { dir: string; pixels: (face: number) => Uint8Array } {
  const dir = folder();
  const pixels = (face: number): Uint8Array =>
    Uint8Array.from({ length: 48 * 48 }, (_, at) => (at * (face + 3) + Math.floor(at / 48) * 31) % 256);
  const all = Buffer.concat(Array.from({ length: FACES }, (_, face) => pixels(face)));
  const votes = Uint8Array.from({ length: FACES * 10 }, (_, at) => (at % 10 === Math.floor(at / 10) % 8 ? 10 : 0));
  const ids = Int32Array.from({ length: FACES }, (_, face) => 100 + face);
  const arrays = {
    'images.npy': npy('|u1', [FACES, 48, 48], all),
    'votes.npy': npy('|u1', [FACES, 10], votes),
    'split.npy': npy('|u1', [FACES], new Uint8Array(FACES).fill(1)),
    'ids.npy': npy('<i4', [FACES], new Uint8Array(ids.buffer)),
  };
  writeFileSync(join(dir, 'faces.npz'), zip(arrays, true));
  return { dir, pixels };
}

it('measures the same of every kind of list: ferbench, csv and npz', async () => {
  const { dir, pixels } = material();
  const rows = ['image,label'];
  const questions = [];
  for (let face = 0; face < FACES; face++) {
    const name = `fer0000${100 + face}.png`;
    const label = EMOTIONS[face % 8]!;
    await sharp(pixels(face), { raw: { width: 48, height: 48, channels: 1 } })
      .png()
      .toFile(join(dir, name));
    rows.push(`${name},${label}`);
    questions.push({ image_path: `/x/${name}`, true_label: label, candidate_labels: EMOTIONS });
  }
  writeFileSync(join(dir, 'list.csv'), rows.join('\n'));
  writeFileSync(join(dir, 'q.json'), JSON.stringify(questions));
  const npz = join(dir, 'faces.npz');
  const kinds = [
    ['npz', npz, '--split', 'valid', '--robustness'],
    ['ferbench', '--questions', join(dir, 'q.json'), '--images', npz],
    ['csv', join(dir, 'list.csv')],
  ];
  const reports = [];
  for (const [index, kind] of kinds.entries()) {
    const out = join(dir, `out-${index}`);
    const { code, stdout, stderr } = await runCli(['eval', ...kind, '--out', out]);
    expect([code, besidesProgress(stderr)], kind.join(' ')).toEqual([0, '']);
    expect(stdout).toContain('macro F1');
    reports.push(JSON.parse(readFileSync(join(out, 'eval.json'), 'utf8')));
    expect((await sharp(join(out, 'eval.png')).metadata()).width).toBeGreaterThan(1000);
  }
  for (const report of reports) {
    expect(report.counts).toEqual({ images: FACES, read: FACES, noFace: 0, validity: null, foundWithMargin: null });
    expect(report.metrics).toEqual(reports[0].metrics);
    expect(report.calibration).toEqual(reports[0].calibration);
    expect(report.speed.msPerFace).toBeGreaterThan(0);
  }
  const rotation = reports[0].robustness.find(({ id }: { id: string }) => id === 'rotation');
  expect(rotation.points[3]).toEqual({
    value: 0,
    accuracy: reports[0].metrics.accuracy,
    macroF1: reports[0].metrics.macroF1,
  });
  expect(readFileSync(join(dir, 'out-0', 'robustness.md'), 'utf8')).toContain('| Rotation | 30 degrees |');
});

it('finds no face where there is none, and counts that as wrong', async () => {
  const { dir } = material();
  await sharp({ create: { width: 320, height: 240, channels: 3, background: '#7f8fa0' } })
    .png()
    .toFile(join(dir, 'wall.png'));
  writeFileSync(join(dir, 'list.csv'), 'image,label\nwall.png,neutral\n');
  const out = join(dir, 'out');
  const { code } = await runCli(['eval', 'csv', join(dir, 'list.csv'), '--align', '--out', out]);
  const report = JSON.parse(readFileSync(join(out, 'eval.json'), 'utf8'));
  expect(code).toBe(0);
  expect(report).toMatchObject({ counts: { images: 1, read: 0, noFace: 1 }, metrics: { accuracy: 0 }, speed: null });
});

/** A folder with face.png, a rendered person, and wall.png, nobody. */
async function faceAndWall(): Promise<string> {
  const dir = folder();
  ffmpeg('-i', `${DEMO}talking-face.mp4`, '-frames:v', '1', join(dir, 'face.png'));
  await sharp({ create: { width: 320, height: 240, channels: 3, background: '#7f8fa0' } })
    .png()
    .toFile(join(dir, 'wall.png'));
  return dir;
}

it('measures coded faces, and compares groups, with the product itself', async () => {
  const dir = await faceAndWall();
  const face = join(dir, 'face.png');
  const list = join(dir, 'list.csv');
  writeFileSync(list, 'image,subject,sex,emotion,AU12,AU43\nface.png,a,f,neutral,0,0\nwall.png,b,m,happy,B,\n');

  const coded = await runCli(['eval', 'au-list', list, '--out', join(dir, 'units')]);
  expect([coded.code, besidesProgress(coded.stderr)]).toEqual([0, '']);
  expect(coded.stdout).toMatch(/AU43 \(read as 45\) +1 +0/);
  expect(coded.stdout).toContain('a face found in 1 of 2 images (50.0 %)');
  const units = JSON.parse(readFileSync(join(dir, 'units', 'eval.json'), 'utf8'));
  expect(units).toMatchObject({
    schema: 'mien-eval-units/1',
    counts: { images: 2, subjects: 2, found: 1, read: 1, neutral: 1 },
    units: [
      { unit: '12', coded: 2, present: 1, read: 1, f1: 0, recall: 0 },
      { unit: '43', readAs: '45' },
    ],
  });
  expect(readFileSync(join(dir, 'units', 'eval.md'), 'utf8')).toContain('| FABA-Bench | 2 of 12 |');

  for (const unit of [1, 2, 4, 6, 9, 12, 25, 26]) {
    mkdirSync(join(dir, 'disfa', 'ActionUnit_Labels', 'SN001'), { recursive: true });
    writeFileSync(join(dir, 'disfa', 'ActionUnit_Labels', 'SN001', `SN001_au${unit}.txt`), '1,0\n2,1\n');
  }
  const disfa = [
    'eval',
    'au',
    join(dir, 'disfa'),
    '--set',
    'disfa',
    '--images',
    dir,
    '--frame-image',
    'face.png{frame}',
  ];
  const wrong = await runCli([...disfa, '--out', join(dir, 'sets')]);
  expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringMatching(/the image face\.png1 is not in/)]);
  writeFileSync(join(dir, 'face.png1'), readFileSync(face));
  const sets = await runCli([...disfa, '--sample', '0.5', '--out', join(dir, 'sets'), '--overwrite']);
  expect([sets.code, besidesProgress(sets.stderr)]).toEqual([0, '']);
  expect(sets.stdout).toMatch(/DISFA, the units of the papers, 50 % of each recording's frames: F1 in percent/);
  expect(JSON.parse(readFileSync(join(dir, 'sets', 'eval.json'), 'utf8'))).toMatchObject({
    data: { kind: 'disfa' },
    presentFrom: 2,
    counts: { images: 1, found: 1 },
    protocol: { title: 'DISFA', folds: 1, sample: 0.5, published: [{ f1: 65.1 }] },
  });

  const groups = await runCli(['eval', 'groups', list, '--by', 'sex', '--label-column', 'emotion', '--out', dir]);
  expect([groups.code, besidesProgress(groups.stderr)]).toEqual([0, '']);
  expect(groups.stdout).toContain('sex, found: 1.000 between f (1.000) and m (0.000)');
  expect(JSON.parse(readFileSync(join(dir, 'eval.json'), 'utf8')).divisions[0].groups).toMatchObject([
    { group: 'f', found: { count: 1, of: 1 } },
    { group: 'm', found: { count: 0, of: 1 }, right: { count: 0 } },
  ]);
});

it('measures where eyes look, with the product itself', async () => {
  const dir = await faceAndWall();
  const looks = join(dir, 'looks.csv');
  writeFileSync(looks, 'image,gaze_yaw,gaze_pitch,glasses\nface.png,0,0,no\nwall.png,0,0,no\n');
  const gaze = await runCli(['eval', 'gaze', looks, '--by', 'glasses', '--out', join(dir, 'gaze')]);
  expect([gaze.code, besidesProgress(gaze.stderr)]).toEqual([0, '']);
  expect(gaze.stdout).toContain('a face found in 1 of 2 images, its gaze read in 1');
  const aimed = JSON.parse(readFileSync(join(dir, 'gaze', 'eval.json'), 'utf8'));
  expect(aimed).toMatchObject({
    headYaw: 'measured',
    within30: { read: 1, both: { count: 1 } },
    contact: { looking: 1 },
  });
  // The rendered person of the demo looks into the camera.
  expect(aimed.within30.both.mean).toBeLessThan(12);
});

it('measures what lies before faces, with the product itself', async () => {
  const dir = await faceAndWall();
  const covered = join(dir, 'covered.csv');
  writeFileSync(covered, 'image,mouth,nose\nface.png,1,1\nwall.png,1,1\n');
  const covers = await runCli(['eval', 'covers', covered, '--out', join(dir, 'covers')]);
  expect([covers.code, besidesProgress(covers.stderr)]).toEqual([0, '']);
  expect(JSON.parse(readFileSync(join(dir, 'covers', 'eval.json'), 'utf8'))).toMatchObject({
    counts: { images: 2, found: 1, read: 1 },
    parts: [
      { part: 'nose', judged: 1, falselyCovered: { count: 0, of: 1 } },
      { part: 'mouth', judged: 1, falselyCovered: { count: 0, of: 1 } },
    ],
    all: { falselyCovered: { count: 0, of: 1 } },
  });
});

it.each<[string, (dir: string) => string[], number, RegExp]>([
  ['no such list', (dir) => ['csv', join(dir, 'none.csv')], 3, /cannot read .*none\.csv/],
  [
    'an .npz that is none',
    (dir) => ['npz', join(dir, 'bad.npz'), '--split', 'valid'],
    6,
    /bad\.npz is not a readable zip/,
  ],
  ['no model', (dir) => ['csv', join(dir, 'bad.npz'), '--model', dir], 9, /has no manifest\.json/],
  ['a list without units', (dir) => ['au-list', join(dir, 'list.csv')], 2, /list\.csv, line 1: no column AU1, AU2/],
  ['a list without angles', (dir) => ['gaze', join(dir, 'list.csv')], 2, /list\.csv, line 1: no column gaze_yaw/],
  ['a list without parts', (dir) => ['covers', join(dir, 'list.csv')], 2, /list\.csv, line 1: no column of rightBrow/],
  ['no such group', (dir) => ['groups', join(dir, 'list.csv'), '--by', 'race'], 2, /no column "race" .*--by/],
  ['results that exist', (dir) => ['csv', 'x.csv', '--out', dir], 7, /eval\.json exists/],
])('ends with one line and its exit code: %s', async (name, args, exitCode, message) => {
  const { dir } = material();
  writeFileSync(join(dir, 'bad.npz'), 'not an archive, but longer than its end record would be');
  writeFileSync(join(dir, 'list.csv'), 'image,label\na.png,fear\n');
  writeFileSync(join(dir, 'eval.json'), '{}');
  const out = name === 'results that exist' ? [] : ['--out', join(dir, 'out')];
  const { code, stderr } = await runCli(['eval', ...args(dir), ...out]);
  expect(code).toBe(exitCode);
  expect(stderr).toMatch(/^mien: [^\n]*\n$/);
  expect(stderr).toMatch(message);
});
