import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LanePool } from '../../src/inference/lane-pool.js';
import { findModels } from '../../src/models/registry.js';

const size = { width: 320, height: 240 };

/** Crop inputs over a shared-memory picture of its own. */
function inputs(seed: number) {
  const data = new Uint8Array(new SharedArrayBuffer(size.width * size.height));
  let random = seed;
  for (let index = 0; index < data.length; index++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    data[index] = 16 + ((random >>> 24) % 200);
  }
  const matrices = Float32Array.from([200, 0, 60, 0, 200, 20]);
  return {
    luma: { dtype: 'uint8' as const, shape: [size.height, size.width], data },
    matrices: { dtype: 'float32' as const, shape: [1, 2, 3], data: matrices },
  };
}

describe('inference lanes with real models', () => {
  let pool: LanePool;
  beforeAll(async () => {
    const models = findModels(['face-mesh']).map(({ id, onnxPath }) => ({ id, onnxPath }));
    pool = await LanePool.start({ lanes: 1, intraOpThreads: 1, models });
  });
  afterAll(() => pool.close());

  const landmarks = async (seed: number) => (await pool.run('face-mesh', inputs(seed))).landmarks!.data;

  it('keeps jobs apart that wait in one lane', async () => {
    const alone = [await landmarks(1), await landmarks(2), await landmarks(3)];
    expect(alone[0]).not.toEqual(alone[1]);
    expect(await Promise.all([landmarks(1), landmarks(2), landmarks(3)])).toEqual(alone);
  });

  it('loses nothing when a lane dies with jobs in flight', async () => {
    const expected = await landmarks(5);
    const jobs = [landmarks(5), landmarks(5), landmarks(5)];
    await pool.lanes[0]!.kill();
    expect(await Promise.all(jobs)).toEqual([expected, expected, expected]);
    expect(pool.restarts).toBe(1);
  });

  it('refuses inputs that do not fit with an error, and goes on', async () => {
    const { luma } = inputs(1);
    await expect(pool.run('face-mesh', { luma })).rejects.toThrow();
    await expect(pool.run('no-such-model', inputs(1))).rejects.toThrow('no-such-model is not loaded');
    expect((await landmarks(1)).length).toBe(468 * 3);
  });
});
