import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeGraphs } from '../../../models/convert/write-graphs.js';
import { isAnswering } from '../../../src/models/manifest.js';
import { findModels, listManifests, loadCanonicalFace } from '../../../src/models/registry.js';
import { verifyVector } from '../../../src/models/verify-vector.js';
import { tempFolders } from '../../support/temp-folder.js';

const temp = tempFolders();
let written: string;
beforeAll(() => {
  written = mkdtempSync(join(tmpdir(), 'mien-graphs-'));
  writeGraphs(written);
}, 60_000);
afterAll(() => rmSync(written, { recursive: true }));

/** A copy of what the build writes, to be damaged. */
function copyOfGraphs(): string {
  const folder = temp();
  cpSync(written, folder, { recursive: true });
  return folder;
}

const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringMatching(message) });

describe('writeGraphs', () => {
  it('writes a graph of each model, the canonical face and the list, and leaves no parts of files', () => {
    const graphs = [
      ...listManifests()
        .filter((each) => !isAnswering(each))
        .map(({ id }) => `${id}.onnx`),
      ...['mien-affect.int8.onnx', 'mien-affect-small.int8.onnx'],
    ];
    expect(readdirSync(written).sort()).toEqual([...graphs, 'canonical-face.json', 'graphs.json'].sort());
  });

  it('writes the bytes that the build wrote', () => {
    const built = findModels(['face-mesh', 'mien-affect']).map(({ onnxPath }) => readFileSync(onnxPath));
    const again = findModels(['face-mesh', 'mien-affect'], written).map(({ onnxPath }) => readFileSync(onnxPath));
    expect(again.map((bytes, index) => bytes.equals(built[index]!))).toEqual([true, true]);
  });

  const imported = listManifests().filter(({ source }) => source.kind === 'npm');
  it.each(imported.map(({ id }) => id))('converts %s so that it answers as LiteRT did', async (id) => {
    expect(await verifyVector(findModels([id], written)[0]!)).toBeLessThan(1e-4);
  });
});

describe('findModels', () => {
  it('refuses a graph that is damaged, missing or made from other weights, and says what to do', () => {
    const folder = copyOfGraphs();
    truncateSync(join(folder, 'face-mesh.onnx'), 1000);
    rmSync(join(folder, 'mien-affect.onnx'));
    expect(() => findModels(['face-mesh'], folder)).toThrow(refusal(/face-mesh\.onnx is damaged; .*npm run build/));
    expect(() => findModels(['mien-affect'], folder)).toThrow(refusal(/cannot read .*mien-affect\.onnx; install/));
    const path = join(folder, 'graphs.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"madeFrom": "./, '"madeFrom": "x'));
    expect(() => findModels(['blazeface-full-range'], folder)).toThrow(refusal(/not the one of its manifest/));
    expect(() => findModels(['face-mesh'], temp())).toThrow(refusal(/cannot read .*graphs\.json/));
  });

  it('refuses a model that there is not', () => {
    expect(() => findModels(['no-such-model'])).toThrow(refusal(/no model "no-such-model"/));
  });
});

describe('verifyVector', () => {
  it('refuses a graph with other numbers', async () => {
    const [mesh, detector] = findModels(['face-mesh', 'blazeface-full-range']);
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
