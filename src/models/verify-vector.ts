import './no-telemetry.js';
import * as ort from 'onnxruntime-node';
import type { Device } from '../domain/device.js';
import { AffectError, errorWords } from '../domain/errors.js';
import { CropCutter, cropInputOf } from './cut-crops.js';
import { deviceProblem } from './device-words.js';
import type { PictureVector, Vector } from './manifest.js';
import { type ReadyModel, readVector } from './registry.js';

/**
 * A picture by formula, uint8 [height, width] in limited range: two smooth waves, an ellipse with three dark spots
 * (so that face networks have something to look at), and noise of a linear congruential generator
 * (Numerical Recipes: 1664525, 1013904223).
 */
export function testPattern(pattern: PictureVector['pattern']): Uint8Array {
  const { widthPx, heightPx } = pattern;
  const luma = new Uint8Array(widthPx * heightPx);
  let random = pattern.seed >>> 0;
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const u = (x + 0.5) / widthPx;
      const v = (y + 0.5) / heightPx;
      let value = 90 + 30 * Math.sin(9 * u) + 20 * Math.cos(7 * v);
      if (((u - 0.5) / 0.28) ** 2 + ((v - 0.5) / 0.38) ** 2 < 1) value = 170 - 60 * (u - 0.5);
      for (const [cx, cy, rx, ry] of SPOTS) if (((u - cx) / rx) ** 2 + ((v - cy) / ry) ** 2 < 1) value = 50;
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      luma[y * widthPx + x] = Math.max(16, Math.min(235, Math.round(value + (random >>> 28) - 8)));
    }
  }
  return luma;
}

const SPOTS = [
  [0.39, 0.42, 0.05, 0.025],
  [0.61, 0.42, 0.05, 0.025],
  [0.5, 0.68, 0.09, 0.03],
] as const;

/** Vertices of a face mesh. */
const POINTS = 468;

/**
 * Landmarks by formula, float32 [faces, 468, 3] in crop unit coordinates: a sunflower disc that fills most of the crop,
 * domed towards the camera, another size for each face. With a = 2.399963 i and r = sqrt((i + 0.5) / 468) for vertex i,
 * and s = 0.4 - 0.03 f for face f, in float64 and then rounded to float32:
 * x = 0.5 + s r cos a, y = 0.55 + s r sin a, z = -0.5 s cos(π r / 2).
 */
export function landmarksPattern(faces: number): Float32Array {
  const landmarks = new Float32Array(faces * POINTS * 3);
  for (let face = 0; face < faces; face++) {
    const size = 0.4 - 0.03 * face;
    for (let i = 0; i < POINTS; i++) {
      const angle = 2.399963 * i;
      const radius = Math.sqrt((i + 0.5) / POINTS);
      const point = [
        0.5 + size * radius * Math.cos(angle),
        0.55 + size * radius * Math.sin(angle),
        -0.5 * size * Math.cos((Math.PI * radius) / 2),
      ];
      landmarks.set(point, (face * POINTS + i) * 3);
    }
  }
  return landmarks;
}

/** Throws MODEL_INVALID where ONNX Runtime refuses the model or the device. */
export async function sessionOn(
  device: Device,
  { id, onnxPath }: Pick<ReadyModel, 'id' | 'onnxPath'>,
): Promise<ort.InferenceSession> {
  try {
    // No other provider beside it: ONNX Runtime would take that one without a word when the first fails.
    const options = { executionProviders: [device], intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
    return await ort.InferenceSession.create(onnxPath, options);
  } catch (cause) {
    const why = deviceProblem(device, errorWords(cause));
    throw new AffectError('MODEL_INVALID', device === 'cpu' ? `model ${id} does not load: ${why}` : why, { cause });
  }
}

const SOUND_RATE = 16_000;
/** New samples of a step, and all that it sees. */
const STEP = { fresh: 512, seen: 576 } as const;

/**
 * Sound by formula, float32 [steps, 576], each row with the last 64 samples of the one before: a buzz of 120 Hz that swells
 * and fades four times a second. Sample i at t = i / 16000 seconds, with i = -64 .. 512 steps, zero before 0:
 * 0.15 (1 + sin 8πt) Σ sin(240πkt) / k, k = 1 .. 12, in float64 and then rounded to float32.
 */
export function soundPattern(steps: number): Float32Array {
  const samples = new Float32Array(steps * STEP.seen);
  const at = (index: number): number => {
    if (index < 0) return 0;
    const t = index / SOUND_RATE;
    let sum = 0;
    for (let k = 1; k <= 12; k++) sum += Math.sin(240 * Math.PI * k * t) / k;
    return 0.15 * (1 + Math.sin(8 * Math.PI * t)) * sum;
  };
  for (let step = 0; step < steps; step++)
    for (let i = 0; i < STEP.seen; i++)
      samples[step * STEP.seen + i] = at(step * STEP.fresh + i - (STEP.seen - STEP.fresh));
  return samples;
}

/** The inputs of a vector; a model that takes `landmarks` gets those of landmarksPattern(). */
function vectorFeeds(session: ort.InferenceSession, vector: Vector): Record<string, ort.Tensor> {
  if ('sound' in vector) {
    const { steps } = vector.sound;
    return {
      samples: new ort.Tensor('float32', soundPattern(steps), [steps, STEP.seen]),
      state: new ort.Tensor('float32', new Float32Array(256), [2, 1, 128]),
    };
  }
  const { heightPx, widthPx } = vector.pattern;
  const faces = vector.matrices.length;
  const crops = cropInputOf(session.inputMetadata);
  if (!crops) throw new AffectError('MODEL_INVALID', 'a graph takes no crops; run npm run build');
  const inputs = new CropCutter(crops).replace({
    luma: { dtype: 'uint8', shape: [heightPx, widthPx], data: testPattern(vector.pattern) },
    matrices: { dtype: 'float32', shape: [faces, 2, 3], data: Float32Array.from(vector.matrices.flat()) },
  });
  const { data, shape } = inputs[crops.name]!;
  const feeds: Record<string, ort.Tensor> = { [crops.name]: new ort.Tensor('float32', data, shape) };
  if (session.inputNames.includes('landmarks')) {
    feeds.landmarks = new ort.Tensor('float32', landmarksPattern(faces), [faces, POINTS, 3]);
  }
  return feeds;
}

/** Runs a model on the pattern of its vector. */
export async function runVector(
  model: Pick<ReadyModel, 'id' | 'onnxPath'>,
  vector: Vector,
  device: Device = 'cpu',
): Promise<Record<string, Float32Array>> {
  const session = await sessionOn(device, model);
  const results = await session.run(vectorFeeds(session, vector));
  const outputs = Object.fromEntries(
    Object.entries(results).map(([name, value]) => [name, Float32Array.from(value.data as Float32Array)]),
  );
  await session.release();
  return outputs;
}

/** Milliseconds of processor time that a run on the vector's pattern takes: the least of twelve, after three. */
export async function timeVector(model: ReadyModel): Promise<number> {
  const vector = readVector(model.id);
  const session = await sessionOn('cpu', model);
  const feeds = vectorFeeds(session, vector);
  let least = Number.POSITIVE_INFINITY;
  for (let run = -WARM_UP; run < TIMED; run++) {
    const before = process.cpuUsage();
    await session.run(feeds);
    const { user, system } = process.cpuUsage(before);
    if (run >= 0) least = Math.min(least, (user + system) / 1000);
  }
  await session.release();
  return least;
}

const WARM_UP = 3;
const TIMED = 12;

/**
 * Replays a model's recorded vector on a device and returns the largest error relative to each output's largest expected
 * value (at least 1). Throws MODEL_INVALID when it is beyond the vector's tolerance, when there is no vector, and when
 * the device cannot be used.
 */
export async function verifyVector(model: ReadyModel, device: Device = 'cpu'): Promise<number> {
  const vector = readVector(model.id, model.precision);
  const outputs = await runVector(model, vector, device);
  let worst = 0;
  for (const [name, expected] of Object.entries(vector.outputs)) {
    const actual = outputs[name];
    const scale = Math.max(1, ...expected.values.map(Math.abs));
    for (const [index, at] of expected.at.entries()) {
      const error = Math.abs((actual?.[at] ?? Number.NaN) - expected.values[index]!) / scale;
      worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
    }
  }
  if (worst > vector.tolerance) {
    const failed = `model ${model.id} fails its test vector by ${worst.toExponential(1)}`;
    throw new AffectError('MODEL_INVALID', `${failed}${device === 'cpu' ? '; run npm ci' : ` on ${device}`}`);
  }
  return worst;
}
