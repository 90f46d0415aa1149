// node models/training/gaze/features.mjs --folder PICTURES --list gaze.csv --out OUT.jsonl [--scales 1,0.5 | --views 3]: what the product sees of the eyes.
//
// Reads the first column of the list as file names in the folder, shrinks each picture by each scale, finds its largest face
// as `mien eval` does, and appends a line of JSON: file, view, found, and with a face what src/gaze/gaze-of.ts is told
// (feats by side, lean, quality) and `windows`: the strip around each eye, and where in it the eye's middle is. With --views
// each picture is seen so often instead: as it is, then smaller, blurred, compressed, brighter or darker at random, by its
// place in the list. Lines that exist are kept, so that a stopped run goes on.
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { FaceFinder } from '../../../dist/eval/face-finder.js';
import { eyeFeatures, leanOf } from '../../../dist/gaze/eye-features.js';
import { readEyePoints } from '../../../dist/gaze/eye-points.js';
import { writeStrip, writeStripMesh } from '../../../dist/gaze/eye-strip.js';
import { CropCutter } from '../../../dist/models/cut-crops.js';
import { startRuntime } from '../../../dist/pipeline/model-runtime.js';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    list: { type: 'string' },
    out: { type: 'string' },
    scales: { type: 'string', default: '1' },
    views: { type: 'string' },
  },
});

/** Pixels around the middle of an eye, and the strip they are cut from (models/convert/eye-graph.ts): five more than its picture has. */
const WINDOW = { width: 46, height: 34 };
const STRIP = { widthPx: 160, heightPx: 96 };
const CORNERS = { right: [33, 133], left: [263, 362] };

/** mulberry32: numbers from 0 to 1. */
function randomFrom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** How one picture is seen, view by view. */
function viewsOf(place, count) {
  const random = randomFrom(place * 7919);
  const worse = (least, most, softest, blurred, coarsest) => ({
    scale: least + (most - least) * random(),
    blur: random() < blurred ? 0.3 + softest * random() : 0,
    quality: random() < 0.5 ? Math.round(coarsest + 50 * random()) : 0,
    bright: 0.8 + 0.4 * random(),
    gamma: 0.7 + 0.7 * random(),
  });
  const all = [{ scale: 1 }];
  while (all.length < count) all.push(all.length % 2 ? worse(0.5, 1, 0.7, 0.3, 35) : worse(0.28, 0.55, 0.4, 0.2, 45));
  return all;
}

async function grayOf(file, { scale, blur = 0, quality = 0, bright = 1, gamma = 1 }) {
  const { width, height } = await sharp(file).metadata();
  let small = sharp(file).resize(Math.round(width * scale), Math.round(height * scale), { kernel: 'cubic' });
  if (blur) small = small.blur(blur);
  if (quality) small = sharp(await small.jpeg({ quality }).toBuffer());
  const { data, info } = await small.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const lit = Uint8Array.from(data, (value) => Math.min(255, Math.round(255 * bright * (value / 255) ** gamma)));
  return { widthPx: info.width, heightPx: info.height, data: lit };
}

const cutter = new CropCutter({ name: 'strip', ...STRIP, outside: 'border' });

/** The strip's pixels around each eye as base64, row by row, and how far its middle is from the window's. */
function windowsOf({ data, widthPx, heightPx }, { mesh }) {
  const matrix = new Float32Array(6);
  writeStrip(matrix, 0, mesh);
  const marks = new Float32Array(mesh.length);
  writeStripMesh(marks, 0, matrix, mesh);
  const luma = { dtype: 'uint8', shape: [heightPx, widthPx], data: data.subarray(0, widthPx * heightPx) };
  const { strip } = cutter.replace({ luma, matrices: { dtype: 'float32', shape: [1, 2, 3], data: matrix } });
  const one = ([outer, inner]) => {
    const [x, y] = [0, 1].map(
      (axis) => ((marks[outer * 3 + axis] + marks[inner * 3 + axis]) / 2) * (axis ? STRIP.heightPx : STRIP.widthPx),
    );
    const [left, top] = [Math.floor(x) - WINDOW.width / 2, Math.floor(y) - WINDOW.height / 2];
    const pixels = Uint8Array.from({ length: WINDOW.width * WINDOW.height }, (_, at) => {
      const column = Math.max(0, Math.min(STRIP.widthPx - 1, left + (at % WINDOW.width)));
      const row = Math.max(0, Math.min(STRIP.heightPx - 1, top + Math.floor(at / WINDOW.width)));
      return Math.round(Math.max(0, Math.min(255, strip.data[row * STRIP.widthPx + column])));
    });
    return { pixels: Buffer.from(pixels).toString('base64'), x: x - Math.floor(x), y: y - Math.floor(y) };
  };
  return { right: one(CORNERS.right), left: one(CORNERS.left) };
}

const runtime = await startRuntime({ lanes: 1 });
const runModel = runtime.lanes.run;
const finder = new FaceFinder({ runModel, canonicalFace: runtime.canonicalFace });
const written = (await readFile(values.out, 'utf8').catch(() => ''))
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const done = new Set(written.map(({ file, view }) => `${file} ${view}`));
const files = (await readFile(values.list, 'utf8'))
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',')[0]);
const scales = values.scales.split(',').map((scale) => ({ scale: Number(scale) }));
for (const [place, file] of files.entries()) {
  for (const [view, how] of (values.views ? viewsOf(place, Number(values.views)) : scales).entries()) {
    if (done.has(`${file} ${view}`)) continue;
    const found = await finder.find(await grayOf(join(values.folder, file), how));
    const line = { file, view, ...how, found: Boolean(found?.face.mesh) };
    if (line.found) {
      const { frame, face } = found;
      const seen = await readEyePoints(runModel, frame, face.mesh);
      const feats = Object.fromEntries(['right', 'left'].map((side) => [side, eyeFeatures(face, side, seen[side])]));
      const { quality, validity } = face;
      Object.assign(line, { feats, windows: windowsOf(frame, face), lean: leanOf(face), quality, validity });
    }
    await appendFile(values.out, `${JSON.stringify(line)}\n`);
  }
}
await runtime.close();
