// node models/training/gaze/features.mjs --folder PICTURES --list gaze.csv --out OUT.jsonl [--scales 1,0.5]: what the product sees of the eyes.
//
// Reads the first column of the list as file names in the folder, shrinks each picture by each scale, finds its largest face
// as `mien eval` does, and appends a line of JSON: file, scale, found, and with a face what src/gaze/gaze-of.ts is told
// (feats by side, lean, quality). Lines that exist are kept, so that a stopped run goes on.
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { FaceFinder } from '../../../dist/eval/face-finder.js';
import { eyeFeatures, leanOf } from '../../../dist/gaze/eye-features.js';
import { readEyePoints } from '../../../dist/gaze/eye-points.js';
import { startRuntime } from '../../../dist/pipeline/model-runtime.js';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    list: { type: 'string' },
    out: { type: 'string' },
    scales: { type: 'string', default: '1' },
  },
});

async function grayOf(file, scale) {
  const { width, height } = await sharp(file).metadata();
  const small = sharp(file).resize(Math.round(width * scale), Math.round(height * scale), { kernel: 'cubic' });
  const { data, info } = await small.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, data: new Uint8Array(data) };
}

const runtime = await startRuntime({ lanes: 1 });
const runModel = runtime.lanes.run;
const finder = new FaceFinder({ runModel, canonicalFace: runtime.canonicalFace });
const written = (await readFile(values.out, 'utf8').catch(() => ''))
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const done = new Set(written.map(({ file, scale }) => `${file} ${scale}`));
const files = (await readFile(values.list, 'utf8'))
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',')[0]);
for (const file of files) {
  for (const scale of values.scales.split(',').map(Number)) {
    if (done.has(`${file} ${scale}`)) continue;
    const found = await finder.find(await grayOf(join(values.folder, file), scale));
    const line = { file, scale, found: Boolean(found?.face.mesh) };
    if (line.found) {
      const { frame, face } = found;
      const seen = await readEyePoints(runModel, frame, face.mesh);
      const feats = Object.fromEntries(
        ['right', 'left'].map((side) => [side, eyeFeatures(frame, face, side, seen[side])]),
      );
      Object.assign(line, { feats, lean: leanOf(face), quality: face.quality, validity: face.validity });
    }
    await appendFile(values.out, `${JSON.stringify(line)}\n`);
  }
}
await runtime.close();
