import { describe, expect, it } from 'vitest';
import { cropInputs } from '../../../src/domain/crop-inputs.js';
import type { Frame } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';

const pixels = new Uint8Array(new SharedArrayBuffer(12_000));
for (let index = 0; index < pixels.length; index++) pixels[index] = index % 251;

const frame: Frame = {
  index: 0,
  ptsUs: micros(0),
  widthPx: 100,
  heightPx: 80,
  data: pixels,
};

describe('cropInputs', () => {
  it.each([
    ['upright', [20, 0, 30, 0, 20, 40], { left: 29, top: 39, right: 51, bottom: 61 }],
    ['turned', [10, -10, 40, 10, 10, 30], { left: 29, top: 29, right: 51, bottom: 51 }],
    ['partly outside', [40, 0, -20, 0, 40, 60], { left: 0, top: 59, right: 21, bottom: 80 }],
    ['wholly outside', [10, 0, -50, 0, 10, 200], { left: 0, top: 78, right: 2, bottom: 80 }],
  ])(
    '%s: the pixels that bilinear samples touch, at least two by two',
    (_name, matrix, { left, top, right, bottom }) => {
      const { luma, matrices } = cropInputs(frame, Float32Array.from(matrix));
      expect(luma.shape).toEqual([bottom - top, right - left]);
      expect(luma.data[0]).toBe(frame.data[top * 100 + left]);
      expect(luma.data.at(-1)).toBe(frame.data[(bottom - 1) * 100 + right - 1]);
      expect(matrices.data[2]).toBe(matrix[2]! - left);
      expect(matrices.data[5]).toBe(matrix[5]! - top);
    },
  );

  it('covers several crops, and leaves its input alone', () => {
    const input = Float32Array.from([10, 0, 5, 0, 10, 5, 10, 0, 80, 0, 10, 60]);
    const { luma, matrices } = cropInputs(frame, input);
    expect(luma.shape).toEqual([67, 87]);
    expect(matrices.shape).toEqual([2, 2, 3]);
    expect(input[2]).toBe(5);
  });
});
