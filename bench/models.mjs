// Milliseconds per face of each model's run-time graph (sampling included) on one thread, interleaved; and of 1.00 = the mesh.
import { LanePool } from '../dist/inference/lane-pool.js';
import { findModels } from '../dist/models/registry.js';
import { save } from './save.mjs';
import { markdownTable, table } from './statistics.mjs';

/** Models whose time is told, by their ids. */
export const MODELS = [
  'blazeface-full-range',
  'blazeface-short-range',
  'face-mesh',
  'eye-mesh',
  'mien-affect',
  'mien-affect-small',
];
const [WIDTH, HEIGHT] = [1280, 720];
const BATCHES = [1, 8];
const RUNS = 15;

/** A frame of smooth structure, so that no branch of the arithmetic is special. */
function frame() {
  const data = new Uint8Array(new SharedArrayBuffer(WIDTH * HEIGHT));
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    data[i] = 128 + 60 * Math.sin(x / 17) * Math.cos(y / 23) + 30 * Math.sin((x + y) / 5);
  }
  return { dtype: 'uint8', shape: [HEIGHT, WIDTH], data };
}

/** Faces of 200 pixels side by side. */
function inputs(manifest, faces, luma) {
  const matrices = Float32Array.from({ length: faces * 6 }, (_, i) => {
    const face = Math.floor(i / 6);
    return [200, 0, 20 + (face % 5) * 220, 0, 200, 40 + Math.floor(face / 5) * 260][i % 6];
  });
  const made = { luma, matrices: { dtype: 'float32', shape: [faces, 2, 3], data: matrices } };
  if (manifest.inputs.some(({ name }) => name === 'landmarks')) {
    const data = Float32Array.from({ length: faces * 468 * 3 }, (_, i) => 0.5 + 0.3 * Math.sin(i));
    made.landmarks = { dtype: 'float32', shape: [faces, 468, 3], data };
  }
  return made;
}

export async function models({ rounds }) {
  const ready = findModels(MODELS);
  const settings = ready.map(({ id, onnxPath }) => ({ id, onnxPath }));
  const lanes = await LanePool.start({ lanes: 1, models: settings, intraOpThreads: 1 });
  const luma = frame();
  const times = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const { id, manifest } of ready) {
      for (const faces of BATCHES) {
        const key = `${id} ${faces}`;
        const samples = times.get(key) ?? [];
        const feeds = inputs(manifest, faces, luma);
        for (let run = 0; run < RUNS; run++) {
          const started = performance.now();
          await lanes.run(id, feeds);
          if (round > 0 || run > 2) samples.push((performance.now() - started) / faces);
        }
        times.set(key, samples);
      }
    }
  }
  await lanes.close();
  const median = (key) => times.get(key).toSorted((a, b) => a - b)[Math.floor(times.get(key).length / 2)];
  const results = ready.map(({ id, manifest }) => ({
    id,
    version: manifest.version,
    msPerFace: Object.fromEntries(BATCHES.map((faces) => [faces, median(`${id} ${faces}`)])),
    ofMesh: median(`${id} 8`) / median('face-mesh 8'),
  }));
  const rows = [
    ['model', 'one face, ms', 'eight faces, ms each', 'of the mesh (eight)'],
    ...results.map(({ id, version, msPerFace, ofMesh }) => [
      `${id} ${version}`,
      msPerFace[1].toFixed(2),
      msPerFace[8].toFixed(2),
      ofMesh.toFixed(2),
    ]),
  ];
  console.log(`\n${table(rows)}`);
  save('models', { results }, markdownTable(rows));
}
