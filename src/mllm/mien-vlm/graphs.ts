import { setImmediate as turn } from 'node:timers/promises';
import * as ort from 'onnxruntime-node';
import { MESH_POINTS } from '../../domain/face.js';
import type { Graphs } from './batch-answers.js';
import { CROP_PX, LANDMARK_VALUES } from './face-input.js';
import type { Release } from './release.js';

/** Loads both graphs. Rejects with what ONNX Runtime throws. */
export async function openGraphs(
  { config, encoderPath, decoderPath }: Release,
  intraOpThreads: number,
): Promise<Graphs> {
  const options = {
    executionProviders: ['cpu'],
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Batches differ in rows and length at every step: what is kept for reuse would grow with each new shape.
    enableCpuMemArena: false,
    enableMemPattern: false,
    // Idle threads that spin take whole cores away from the decoder (reference: ONNX Runtime threading page).
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  } as const;
  const encoder = await ort.InferenceSession.create(encoderPath, options);
  const decoder = await ort.InferenceSession.create(decoderPath, options);
  const { layers, kvHeads, headSize, width } = config;
  return {
    async encode(faces) {
      const count = faces.length;
      const crops = new Uint8Array(count * CROP_PX ** 2);
      const landmarks = new Float32Array(count * LANDMARK_VALUES);
      for (const [at, face] of faces.entries()) {
        crops.set(face.crop, at * CROP_PX ** 2);
        landmarks.set(face.landmarks, at * LANDMARK_VALUES);
      }
      const results = await encoder.run({
        crops: new ort.Tensor('uint8', crops, [count, CROP_PX, CROP_PX]),
        landmarks: new ort.Tensor('float32', landmarks, [count, MESH_POINTS, 3]),
      });
      return taken(results.prefix);
    },
    async step({ rows, prefix, tokens, positions, real, past }) {
      await turn(); // messages that came meanwhile are read before each token
      const before = past.length / (layers * 2 * rows * kvHeads * headSize);
      const results = await decoder.run({
        prefix: new ort.Tensor('float32', prefix, [rows, prefix.length / rows / width, width]),
        tokens: new ort.Tensor('int64', tokens, [rows, tokens.length / rows]),
        positions: new ort.Tensor('int64', positions, [rows, positions.length / rows]),
        real: new ort.Tensor('float32', real, [rows, real.length / rows]),
        past: new ort.Tensor('float32', past, [layers, 2, rows, kvHeads, before, headSize]),
      });
      return { logits: taken(results.logits), present: taken(results.present) };
    },
  };
}

/** ONNX Runtime owns a result's memory: it is copied, and given back at once instead of some time. */
function taken(tensor: ort.Tensor | undefined): Float32Array {
  if (tensor === undefined) throw new RangeError('the graph lacks an output');
  const data = Float32Array.from(tensor.data as Float32Array);
  tensor.dispose();
  return data;
}
