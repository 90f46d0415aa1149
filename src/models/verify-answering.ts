import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { z } from 'zod';
import type { Device } from '../domain/device.js';
import { AffectError } from '../domain/errors.js';
import type { AnsweringManifest } from './manifest.js';
import { modelsDir, readGraphFile, sha256Of } from './registry.js';
import { landmarksPattern, sessionOn } from './verify-vector.js';

/** Of vector.json, what the graph that sees the face must give: the first values of each row (models/training/vlm/vector.py). */
const seenSchema = z.object({ prefix: z.array(z.array(z.number())).min(1), tolerance: z.number().positive() });

const SIDE = 144;

/** Crops by formula: (7 x + 3 y + 40 n + floor(x y / 32)) mod 256, uint8 [count, 144, 144]. */
export function cropPattern(count: number): Uint8Array {
  return Uint8Array.from({ length: count * SIDE * SIDE }, (_, at) => {
    const [x, y, n] = [at % SIDE, Math.floor(at / SIDE) % SIDE, Math.floor(at / SIDE ** 2)];
    return (7 * x + 3 * y + 40 * n + Math.floor((x * y) / 32)) % 256;
  });
}

/**
 * Checks the files of a model that answers in words, and what it sees in the recorded faces; returns the largest error relative to
 * the largest value. Throws MODEL_INVALID for a file that is missing or damaged, an error beyond the tolerance, and a
 * device that cannot be used. What it says is compared in the tests: words are no numbers to be near.
 */
export async function verifyAnswering(
  { id, file, sha256, beside }: AnsweringManifest,
  device: Device = 'cpu',
  folder: string = join(modelsDir, id),
): Promise<number> {
  for (const [name, expected] of Object.entries({ [file]: sha256, ...beside }))
    if (sha256Of(readGraphFile(folder, name)) !== expected)
      throw new AffectError('MODEL_INVALID', `${join(folder, name)} is damaged; install mien-faces again`);
  const { prefix, tolerance } = seenSchema.parse(JSON.parse(readGraphFile(folder, 'vector.json').toString()));
  const session = await sessionOn(device, { id, onnxPath: join(folder, file) });
  const faces = prefix.length;
  const results = await session.run({
    crops: new ort.Tensor('uint8', cropPattern(faces), [faces, SIDE, SIDE]),
    landmarks: new ort.Tensor('float32', landmarksPattern(faces), [faces, 468, 3]),
  });
  const data = results.prefix!.data as Float32Array;
  const scale = Math.max(1, ...prefix.flat().map(Math.abs));
  const errors = prefix.flatMap((row, face) =>
    row.map((value, at) => Math.abs(data[(face * data.length) / faces + at]! - value) / scale),
  );
  await session.release();
  const worst = Math.max(...errors);
  if (worst <= tolerance) return worst;
  const failed = `model ${id} fails its test vector by ${worst.toExponential(1)}`;
  throw new AffectError('MODEL_INVALID', `${failed}${device === 'cpu' ? '; run npm ci' : ` on ${device}`}`);
}
