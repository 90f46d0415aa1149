// Emotions of photographs: mien, Human and face-api on the same pictures, as they are, with each one's default detector.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './mien.mjs';
import { save } from './save.mjs';
import { markdownTable, table } from './statistics.mjs';
import { owned, workFolder } from './work-folder.mjs';

/** The seven emotions that all of them know, and what lists and peers call them. */
const NAMES = {
  neutral: ['neutral'],
  happiness: ['happy', 'happiness'],
  surprise: ['surprise', 'surprised'],
  sadness: ['sad', 'sadness'],
  anger: ['angry', 'anger'],
  disgust: ['disgust', 'disgusted'],
  fear: ['fear', 'fearful'],
};
const EMOTIONS = Object.keys(NAMES);
const indexOf = (name) => Object.values(NAMES).findIndex((names) => names.includes(name.trim().toLowerCase()));
const BINS = 15;

/** Lines `image,label` after a header that names them; no quotes. Pictures with another label, as contempt, are left out. */
function readList(path, limit) {
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const columns = header.split(',');
  const [imageAt, labelAt] = ['image', 'label'].map((name) => columns.indexOf(name));
  if (imageAt < 0 || labelAt < 0) throw new Error(`${path}: the first line must name the columns image and label`);
  const items = lines.map((line) => line.split(',')).map((row) => ({ image: row[imageAt], label: row[labelAt] }));
  const known = items.filter(({ label }) => indexOf(label) >= 0);
  if (known.length === 0) throw new Error(`${path}: no line has one of the labels ${EMOTIONS.join(', ')}`);
  const step = Math.max(1, known.length / limit);
  return Array.from({ length: Math.min(limit, known.length) }, (_, at) => known[Math.floor(at * step)]);
}

/** Accuracy and balanced accuracy over all pictures, one without a face is wrong; ECE over those with one. */
function score(items, answers) {
  const counts = EMOTIONS.map(() => ({ right: 0, all: 0 }));
  const bins = Array.from({ length: BINS }, () => ({ sum: 0, right: 0, all: 0 }));
  let found = 0;
  for (const [at, { label }] of items.entries()) {
    const truth = indexOf(label);
    counts[truth].all += 1;
    const { emotions } = answers[at];
    if (emotions === null) continue;
    found += 1;
    const [name, top] = Object.entries(emotions).sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
    const right = indexOf(name) === truth;
    counts[truth].right += right;
    const bin = bins[Math.min(BINS - 1, Math.floor(top * BINS))];
    bin.sum += top;
    bin.right += right;
    bin.all += 1;
  }
  const occurring = counts.filter(({ all }) => all > 0);
  return {
    found: found / items.length,
    accuracy: counts.reduce((sum, { right }) => sum + right, 0) / items.length,
    balanced: occurring.reduce((sum, { right, all }) => sum + right / all, 0) / occurring.length,
    ece: bins.reduce((sum, bin) => sum + Math.abs(bin.sum - bin.right), 0) / Math.max(1, found),
  };
}

async function peer(name, paths, work) {
  const list = join(work, 'pictures.txt');
  writeFileSync(list, paths.join('\n'));
  const args = [join(import.meta.dirname, 'peer-stills.mjs'), name, list];
  const child = owned(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  const exited = once(child, 'exit');
  const answers = [];
  for await (const line of createInterface({ input: child.stdout }))
    if (line.startsWith('{')) answers.push(JSON.parse(line));
  const [code] = await exited;
  if (code !== 0 || answers.length !== paths.length) throw new Error(`${name} ended early; see above`);
  return answers;
}

async function mien(items, folder, work) {
  const list = join(work, 'list.csv');
  writeFileSync(list, `image,label\n${items.map(({ image, label }) => `${image},${label}`).join('\n')}\n`);
  const out = join(work, 'mien');
  const args = [join(root, 'dist', 'main.js'), 'eval', 'csv', list, '--images', folder, '--align', '--out', out];
  const child = owned(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`mien ended with exit code ${code}; see above`);
  const { shares, metrics, calibration } = JSON.parse(readFileSync(join(out, 'eval.json'), 'utf8'));
  return {
    found: shares.read,
    accuracy: metrics.accuracy,
    balanced: metrics.balancedAccuracy,
    ece: calibration.ece,
  };
}

/** `npm run bench -- peers --list LIST --images FOLDER`. `limit`: at most so many pictures, evenly spread over the list. */
export async function peers({ list, images, limit }) {
  const work = workFolder();
  const folder = resolve(images);
  const items = readList(list, limit);
  const paths = items.map(({ image }) => join(folder, image));
  const scores = { mien: await mien(items, folder, work) };
  for (const [title, name] of [
    ['Human', 'human'],
    ['face-api', 'face-api'],
  ]) {
    scores[title] = score(items, await peer(name, paths, work));
    console.log(`${title}: ${items.length} pictures`);
  }
  const cell = (value) => value.toFixed(3);
  const rows = [
    [`${items.length} pictures`, 'found', 'accuracy', 'balanced accuracy', 'ECE'],
    ...Object.entries(scores).map(([name, one]) => [
      name,
      ...[one.found, one.accuracy, one.balanced, one.ece].map(cell),
    ]),
  ];
  console.log(`\n${table(rows)}`);
  save('peers', { pictures: items.length, scores }, markdownTable(rows));
}
