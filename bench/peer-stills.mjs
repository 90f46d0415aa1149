// A peer in a process of its own, on photographs: one JSON line per picture, { found, emotions: { name: probability } or null }.
// usage: node peer-stills.mjs human|face-api <file with a path a line>
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sharp from 'sharp';
import { openHuman } from './human-reader.mjs';

const packages = join(import.meta.dirname, 'node_modules');
const [peer, list] = process.argv.slice(2);

/** Faces of Human: the largest first. */
async function humanReader() {
  const human = await openHuman({ mode: 'every', mostFaces: 10 });
  return {
    async read(rgb, size) {
      const faces = await human.detect(rgb, size);
      const [face] = faces.sort((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3]);
      if (!face) return null;
      return Object.fromEntries((face.emotion ?? []).map(({ emotion, score }) => [emotion, score]));
    },
    close: human.close,
  };
}

/** face-api with its default detector (SSD MobileNet v1) and options. */
async function faceApiReader() {
  // Its build for Node takes tfjs through require.
  const require = createRequire(import.meta.url);
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${join(packages, '@tensorflow', 'tfjs-backend-wasm', 'dist')}/`);
  const api = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
  await api.tf.setBackend('wasm');
  await api.tf.ready();
  const models = join(packages, '@vladmandic', 'face-api', 'model');
  for (const net of ['ssdMobilenetv1', 'faceLandmark68Net', 'faceExpressionNet'])
    await api.nets[net].loadFromDisk(models);
  const options = new api.SsdMobilenetv1Options();
  return {
    async read(rgb, { widthPx, heightPx }) {
      const tensor = api.tf.tensor3d(rgb, [heightPx, widthPx, 3], 'int32');
      const faces = await api.detectAllFaces(tensor, options).withFaceLandmarks().withFaceExpressions();
      api.tf.dispose(tensor);
      const [face] = faces.sort((a, b) => b.detection.box.area - a.detection.box.area);
      return face ? { ...face.expressions } : null;
    },
    close() {},
  };
}

const reader = await (peer === 'human' ? humanReader() : faceApiReader());
for (const path of readFileSync(list, 'utf8').trim().split('\n')) {
  const { data, info } = await sharp(path)
    .rotate()
    .flatten()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const emotions = await reader.read(new Uint8Array(data), { widthPx: info.width, heightPx: info.height });
  console.log(JSON.stringify({ found: emotions !== null, emotions }));
}
reader.close();
