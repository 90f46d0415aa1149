import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OnnxBuilder } from '../../../models/convert/onnx-builder.js';
import { encodeOnnx } from '../../../models/convert/onnx-proto.js';
import { affectGraph } from '../../../models/convert/runtime-graphs.js';
import { MODEL_IDS } from '../../../src/domain/model-size.js';
import type { Vector } from '../../../src/models/manifest.js';
import { findModels, readManifest } from '../../../src/models/registry.js';
import { landmarksPattern, runVector, verifyVector } from '../../../src/models/verify-vector.js';
import { tempFolders } from '../../support/temp-folder.js';

describe('landmarksPattern', () => {
  it('is the formula of its comment: a domed disc in the crop, smaller for the second face', () => {
    const landmarks = landmarksPattern(2);
    expect(landmarks).toHaveLength(2 * 468 * 3);
    const at = (face: number, vertex: number) => [...landmarks.subarray((face * 468 + vertex) * 3).slice(0, 3)];
    // Vertex 1: a = 2.399963, r = 0.0566139; worked out by hand.
    [0.483302, 0.565296, -0.19921].forEach((value, i) => {
      expect(at(0, 1)[i]).toBeCloseTo(value, 5);
    });
    for (const face of [0, 1]) {
      for (let vertex = 0; vertex < 468; vertex++) {
        const [x, y] = at(face, vertex);
        expect(Math.hypot(x! - 0.5, y! - 0.55)).toBeLessThan(0.4 - 0.03 * face + 1e-6);
      }
    }
  });
});

describe('runVector', () => {
  const folder = tempFolders();

  it('gives the pattern to a graph that takes landmarks', async () => {
    const builder = new OnnxBuilder();
    const crops = builder.input('crops', 'uint8', ['face', 4, 4]);
    builder.output(builder.input('landmarks', 'float32', ['face', 468, 3]), 'mesh', 'float32', ['face', 468, 3]);
    builder.output(builder.node('Cast', [crops], { to: 1 }), 'bytes', 'float32', ['face', 4, 4]);
    const onnxPath = join(folder(), 'tiny.onnx');
    writeFileSync(onnxPath, encodeOnnx(affectGraph(builder.build('tiny'))));
    const model = { id: 'tiny', manifest: readManifest('mien-affect'), onnxPath, sha256: '' };
    const matrices = [
      [8, 0, 0, 0, 8, 0],
      [8, 0, 0, 0, 8, 0],
    ];
    const pattern = { widthPx: 8, heightPx: 8, seed: 1 };
    const vector: Vector = { engine: '', pattern, matrices, tolerance: 1, outputs: {} };
    expect((await runVector(model, vector)).mesh).toEqual(landmarksPattern(2));
  });

  it('finds the eye network as an independent reading of its operators computes it', async () => {
    const [model] = findModels(['eye-mesh']);
    expect(await verifyVector(model!)).toBeLessThan(1e-5);
  });

  it.each(Object.values(MODEL_IDS))('finds %s as its training environment recorded it', async (id) => {
    const [model] = findModels([id]);
    expect(await verifyVector(model!)).toBeLessThan(0.01);
  });
});
