// node models/training/calibrate.mjs --model FOLDER --faces 400 NAME=PREFIX...: ranges for the form of a network in integers.
//
// FOLDER holds manifest.json, weights.onnx and vector.json; writes FOLDER/int8.json: the ranges, and what the graph in integers
// gives for the vector (made on a processor with VNNI). PREFIX.crops.npy, PREFIX.landmarks.npy and PREFIX.facts.npy are a
// set of faces as extract.mjs writes it, of any size, NAME is what int8.json calls it; the given number of faces is taken evenly from each. Needs `npm run build`, no GPU; a minute.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import '../../dist/models/no-telemetry.js';
import * as ort from 'onnxruntime-node';
import { runnerImport } from 'vite';
import { alignedCrop } from '../../dist/eval/crop.js';
import { sha256Of } from '../../dist/models/registry.js';
import { runVector } from '../../dist/models/verify-vector.js';
import { root } from '../../scripts/ensure-setup.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    faces: { type: 'string', default: '400' },
    share: { type: 'string', default: '0.999' },
  },
});
const typescript = async (file) =>
  (await runnerImport(join(root, 'models/convert', file), { root, configFile: false, logLevel: 'error' })).module;
const { calibrationGraph, RangeObserver } = await typescript('calibrate.ts');
const { foldConstants } = await typescript('fold-constants.ts');
const { decodeOnnx, encodeOnnx } = await typescript('onnx-proto.ts');
const { quantize } = await typescript('quantize.ts');
const { runtimeGraph } = await typescript('write-graphs.ts');
const BATCH = 8;
const named = positionals.map((set) => {
  const [, name, prefix] = /^([^=]+)=(.+)$/.exec(set) ?? [];
  if (!prefix) throw new Error(`"${set}" names no set; write NAME=PREFIX, like LFW=.data/lfw`);
  return { name, prefix };
});
/** Of the recorded outputs: a rounding of the layers in floats may move a value in integers by a step. */
const TOLERANCE = 0.02;

/** What the run-time graph in integers gives for the model's vector, at the places that it names. */
async function recorded(trained, ranges) {
  const [manifest, vector] = ['manifest.json', 'vector.json'].map((name) =>
    JSON.parse(readFileSync(join(values.model, name), 'utf8')),
  );
  const folder = mkdtempSync(join(tmpdir(), 'mien-calibrate-'));
  try {
    const onnxPath = join(folder, 'graph.onnx');
    writeFileSync(onnxPath, encodeOnnx(runtimeGraph(manifest, quantize(foldConstants(trained), ranges))));
    const outputs = await runVector({ id: manifest.id, onnxPath }, vector);
    const digits = (value) => Number(value.toPrecision(6));
    return Object.fromEntries(
      Object.entries(vector.outputs).map(([name, { at }]) => [
        name,
        { at, values: at.map((i) => digits(outputs[name][i])) },
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An array of a .npy file of format 1.0: its shape and its numbers. */
function readNpy(path) {
  const file = readFileSync(path);
  const start = 10 + file.readUInt16LE(8);
  const shape = /'shape': \(([^)]*)\)/
    .exec(file.toString('latin1', 10, start))[1]
    .split(',')
    .filter(Boolean)
    .map(Number);
  const bytes = file.buffer.slice(file.byteOffset + start, file.byteOffset + file.length);
  return {
    shape,
    numbers: file.toString('latin1', 10, start).includes("'|u1'") ? new Uint8Array(bytes) : new Float32Array(bytes),
  };
}

/** Faces of a set, evenly chosen among those that were found, crops of `size` pixels a side. */
function* batches(prefix, size) {
  const { shape, numbers: crops } = readNpy(`${prefix}.crops.npy`);
  const { numbers: landmarks } = readNpy(`${prefix}.landmarks.npy`);
  const facts = readNpy(`${prefix}.facts.npy`);
  const found = Array.from({ length: shape[0] }, (_, face) => face).filter(
    (face) => facts.numbers[face * facts.shape[1]] > 0,
  );
  const wanted = Math.min(Number(values.faces), found.length);
  const chosen = Array.from({ length: wanted }, (_, index) => found[Math.floor((index * found.length) / wanted)]);
  const [stored, area, points] = [shape[1] * shape[2], size * size, 468 * 3];
  for (let at = 0; at < chosen.length; at += BATCH) {
    const faces = chosen.slice(at, at + BATCH);
    const pixels = Uint8Array.from({ length: faces.length * area });
    const mesh = new Float32Array(faces.length * points);
    for (const [index, face] of faces.entries()) {
      const data = crops.subarray(face * stored, (face + 1) * stored);
      pixels.set(alignedCrop({ widthPx: shape[2], heightPx: shape[1], data }, size).data, index * area);
      mesh.set(landmarks.subarray(face * points, (face + 1) * points), index * points);
    }
    yield {
      count: faces.length,
      picture: new ort.Tensor('uint8', pixels, [faces.length, size, size]),
      landmarks: new ort.Tensor('float32', mesh, [faces.length, 468, 3]),
    };
  }
}

const weights = readFileSync(join(values.model, 'weights.onnx'));
const trained = decodeOnnx(weights);
const { model, values: ranged } = calibrationGraph(trained);
const session = await ort.InferenceSession.create(encodeOnnx(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
const picture = session.inputNames.find((name) => name !== 'landmarks');
const { dimValue: size } = trained.graph.input.find(({ name }) => name === picture).type.tensorType.shape.dim[2];
const observer = new RangeObserver();
const sets = [];
for (const { name, prefix } of named) {
  let total = 0;
  for (const batch of batches(prefix, size)) {
    const feeds = { [picture]: batch.picture };
    if (session.inputNames.includes('landmarks')) feeds.landmarks = batch.landmarks;
    const outputs = await session.run(feeds, ranged);
    for (const name of ranged) {
      observer.observe(name, outputs[name].data, batch.count);
      outputs[name].dispose();
    }
    total += batch.count;
  }
  sets.push(`${total} of ${name}`);
}
const ranges = observer.ranges(Number(values.share));
const made = {
  madeFrom: sha256Of(weights),
  command: `node models/training/calibrate.mjs --faces ${values.faces} --share ${values.share}`,
  faces: sets.join(', '),
  tolerance: TOLERANCE,
  outputs: await recorded(trained, ranges),
  ranges,
};
writeFileSync(join(values.model, 'int8.json'), `${JSON.stringify(made, null, 2)}\n`);
console.log(`${ranged.length} ranges from ${made.faces}`);
