import { expect, it } from 'vitest';
import { cropInputs } from '../../../src/domain/crop-inputs.js';
import type { Frame } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';

const frame: Frame = {
  index: 0,
  ptsUs: micros(0),
  widthPx: 100,
  heightPx: 80,
  data: new Uint8Array(new SharedArrayBuffer(12_000)),
};

it('hands a lane the luma of a frame where it lies, and matrices of its own', () => {
  const all = Float32Array.from({ length: 18 }, (_, index) => index);
  const { luma, matrices } = cropInputs(frame, all.subarray(6));
  expect(luma.shape).toEqual([80, 100]);
  expect(luma.data.buffer).toBe(frame.data.buffer);
  expect(luma.data).toHaveLength(8_000);
  expect(matrices.shape).toEqual([2, 2, 3]);
  expect([...matrices.data]).toEqual([...all.subarray(6)]);
  // What is posted to a lane is the whole of a buffer.
  expect(matrices.data.buffer.byteLength).toBe(12 * 4);
});
