// node models/training/extract.mjs --images IMAGES.npy --out OUT [--video | --filled] [--crop 48]: what the product sees of each picture, for training.
//
// IMAGES.npy is uint8 [n, height, width], gray, full range. Writes OUT.crops.npy uint8 [n, crop, crop], OUT.landmarks.npy float32
// [n, 468, 3] (the mesh in crop unit coordinates), OUT.facts.npy float32 [n, 9]: found (0 or 1), yaw, pitch, roll (radians), eye
// distance (px), presence, left and right eye opening, share inside the frame. Detection, mesh and alignment are those of
// `mien analyze`, so that training and serving agree. --video: pictures are successive frames of one clip, 25 a second.
// --filled: a face fills each picture, as in FER+; the mesh is fitted to the whole of it, without a detector.
import { open, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { writeAlignedMesh } from '../../dist/domain/aligned-mesh.js';
import { alignmentPoints, writeAlignment } from '../../dist/domain/alignment.js';
import { shareInside } from '../../dist/faces/crop-matrix.js';
import { FULL_RANGE, SHORT_RANGE } from '../../dist/faces/decode-detections.js';
import { readMeshes } from '../../dist/faces/face-mesher.js';
import { FacesStage } from '../../dist/faces/faces-stage.js';
import { headPose, toCameraAxes } from '../../dist/faces/head-pose.js';
import { eyeOpenness, interocularPx, meshBox, roiFromMesh } from '../../dist/faces/mesh-geometry.js';
import { DEFAULT_VALIDITY } from '../../dist/faces/validity.js';
import { startRuntime } from '../../dist/pipeline/model-runtime.js';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    out: { type: 'string' },
    video: { type: 'boolean' },
    filled: { type: 'boolean' },
    crop: { type: 'string', default: '144' },
  },
});
const CROP = Number(values.crop);
const OVERSAMPLING = Math.max(1, Math.min(3, Math.round(144 / CROP)));
const template = JSON.parse(await readFile(new URL('../mien-affect/manifest.json', import.meta.url), 'utf8')).alignment;
const alignment = Object.fromEntries(Object.entries(template).map(([name, [x, y]]) => [name, { x, y }]));

const file = await open(values.images);
const header = Buffer.alloc(10);
await file.read(header, 0, 10, 0);
const text = Buffer.alloc(header.readUInt16LE(8));
await file.read(text, 0, text.length, 10);
const [count, height, width] = /\((\d+), (\d+), (\d+)\)/.exec(text.toString()).slice(1).map(Number);
const start = 10 + text.length;

/** The aligned crop of full-range luma as the run-time graph cuts it: bilinear, three samples a pixel and axis, averaged. */
function crop(picture, matrix, target) {
  const side = CROP * OVERSAMPLING;
  const at = (x, y) => picture[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))];
  const sums = new Float32Array(CROP * CROP);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const u = (column + 0.5) / side;
      const v = (row + 0.5) / side;
      const x = matrix[0] * u + matrix[1] * v + matrix[2] - 0.5;
      const y = matrix[3] * u + matrix[4] * v + matrix[5] - 0.5;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - left, y - top];
      const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
      const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
      sums[Math.floor(row / OVERSAMPLING) * CROP + Math.floor(column / OVERSAMPLING)] += upper * (1 - fy) + lower * fy;
    }
  }
  for (let i = 0; i < sums.length; i++) target[i] = Math.round(sums[i] / OVERSAMPLING ** 2);
}

const runtime = await startRuntime({ detector: 'both', lanes: 1 });
const stageOf = () =>
  new FacesStage({
    runModel: runtime.lanes.run,
    detectors: [FULL_RANGE, SHORT_RANGE],
    canonicalFace: runtime.canonicalFace,
    validity: DEFAULT_VALIDITY,
  });
const canonical = toCameraAxes(runtime.canonicalFace);
const crops = new Uint8Array(count * CROP * CROP);
const landmarks = new Float32Array(count * 468 * 3);
const facts = new Float32Array(count * 9);
const picture = Buffer.alloc(width * height);
const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
const data = new Uint8Array(new SharedArrayBuffer(width * height + 2 * chroma)).fill(128);
let stage = stageOf();

/** The face that fills a picture, or none: the mesh fitted to the whole of it, and again where the first mesh was. */
async function filling(frame) {
  const whole = { centre: { x: width / 2, y: height / 2 }, sidePx: Math.max(width, height) * 1.2, angle: 0 };
  const [first] = await readMeshes(runtime.lanes.run, frame, [whole]);
  const [{ mesh, presence }] = await readMeshes(runtime.lanes.run, frame, [roiFromMesh(first.mesh)]);
  if (presence < 0.5) return undefined;
  const quality = { interocularPx: interocularPx(mesh), presence, insideFrame: shareInside(meshBox(mesh), frame) };
  return { mesh, quality, pose: headPose(mesh, canonical, frame), eyes: eyeOpenness(mesh) };
}

/** The largest face of a picture that has a mesh, as the product finds it. A still is shown twice: the second time the mesh is fitted where the first mesh was, as in a video. */
async function followed(frame, index) {
  if (!values.video) stage = stageOf();
  let seen;
  for (let time = 0; time < (values.video ? 1 : 2); time++) {
    const ptsUs = values.video ? index * 40_000 : time * 40_000;
    seen = await stage.step({ ...frame, index: time, ptsUs });
  }
  return seen.faces.filter(({ mesh }) => mesh).toSorted((a, b) => b.quality.interocularPx - a.quality.interocularPx)[0];
}

for (let index = 0; index < count; index++) {
  await file.read(picture, 0, picture.length, start + index * picture.length);
  for (let i = 0; i < picture.length; i++) data[i] = 16 + Math.round((picture[i] * 219) / 255);
  const frame = { index: 0, ptsUs: 0, widthPx: width, heightPx: height, data };
  const face = values.filled ? await filling(frame) : await followed(frame, index);
  if (!face) continue;
  const matrix = new Float32Array(6);
  writeAlignment(matrix, 0, alignment, alignmentPoints(face.mesh));
  writeAlignedMesh(landmarks, index * 468 * 3, matrix, face.mesh);
  crop(picture, matrix, crops.subarray(index * CROP * CROP, (index + 1) * CROP * CROP));
  const { pose, quality, eyes } = face;
  facts.set(
    [
      1,
      pose.yaw,
      pose.pitch,
      pose.roll,
      quality.interocularPx,
      quality.presence,
      eyes.left,
      eyes.right,
      quality.insideFrame,
    ],
    index * 9,
  );
  if (index % 1000 === 0) console.log(`${index} of ${count}`);
}
await runtime.close();
await file.close();

async function save(name, array, shape, descr) {
  const head = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const padded = `${head}${' '.repeat(63 - ((head.length + 10) % 64))}\n`;
  const prefix = Buffer.alloc(10);
  prefix.write('\x93NUMPY', 'latin1');
  prefix.writeUInt16LE(1, 6);
  prefix.writeUInt8(1, 6);
  prefix.writeUInt8(0, 7);
  prefix.writeUInt16LE(padded.length, 8);
  const output = await open(name, 'w');
  await output.writev([prefix, Buffer.from(padded), Buffer.from(array.buffer)]);
  await output.close();
}
await save(`${values.out}.crops.npy`, crops, [count, CROP, CROP], '|u1');
await save(`${values.out}.landmarks.npy`, landmarks, [count, 468, 3], '<f4');
await save(`${values.out}.facts.npy`, facts, [count, 9], '<f4');
const found = facts.filter((_, i) => i % 9 === 0).reduce((sum, value) => sum + value, 0);
console.log(`${found} faces in ${count} pictures`);
