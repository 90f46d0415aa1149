import { describe, expect, it } from 'vitest';
import type { Tensors } from '../../../src/domain/tensor.js';
import { CropCutter, cropInputOf } from '../../../src/models/cut-crops.js';

const size = { widthPx: 8, heightPx: 6 };
const [whole, corner] = [
  [20, 0, 0, 0, 20, 0],
  [6, 2, 11, -2, 6, 12],
];

function inputs(matrices: readonly (readonly number[])[], seed = 1): Tensors {
  const data = Uint8Array.from({ length: 20 * 20 }, (_, index) => 16 + ((index * 7919 * seed) % 220));
  return {
    luma: { dtype: 'uint8', shape: [20, 20], data },
    matrices: { dtype: 'float32', shape: [matrices.length, 2, 3], data: Float32Array.from(matrices.flat()) },
    landmarks: { dtype: 'float32', shape: [1], data: Float32Array.of(7) },
  };
}

const values = (cutter: CropCutter, given: Tensors): number[] => [...cutter.replace(given).crops_border!.data];

describe('CropCutter', () => {
  const input = { name: 'crops_border', outside: 'border', ...size } as const;

  it('puts crops in place of luma and matrices, and leaves the rest', () => {
    const cut = new CropCutter(input).replace(inputs([whole!]));
    expect(Object.keys(cut).sort()).toEqual(['crops_border', 'landmarks']);
    expect(cut.crops_border!.shape).toEqual([1, 1, 6, 8]);
    expect([...cut.landmarks!.data]).toEqual([7]);
  });

  it('cuts the same face to the last bit, beside others and after others', () => {
    const alone = values(new CropCutter(input), inputs([corner!]));
    const used = new CropCutter(input);
    const many = values(used, inputs([whole!, corner!, whole!]));
    expect(many.slice(48, 96)).toEqual(alone);
    expect(values(used, inputs([corner!], 3))).not.toEqual(alone);
    expect(values(used, inputs([corner!]))).toEqual(alone);
  });

  it('cuts one face out of two frames alike where its pixels are alike', () => {
    const wide = new Uint8Array(50 * 40).fill(99);
    const { luma } = inputs([]);
    for (let row = 0; row < 20; row++)
      wide.set(luma!.data.subarray(row * 20, row * 20 + 20) as Uint8Array, (row + 7) * 50 + 16);
    const inner = [8, 1, 5, -1, 8, 6];
    const moved = [8, 1, 5 + 16, -1, 8, 6 + 7];
    const there = values(new CropCutter(input), {
      ...inputs([moved]),
      luma: { dtype: 'uint8', shape: [40, 50], data: wide },
    });
    const here = values(new CropCutter(input), inputs([inner]));
    for (const [index, value] of here.entries()) expect(there[index]).toBeCloseTo(value, 4);
  });

  it.each<[string, Tensors]>([
    ['no matrices', { luma: inputs([]).luma! }],
    ['no luma', { matrices: inputs([whole!]).matrices! }],
    [
      'luma that is too short',
      { ...inputs([whole!]), luma: { dtype: 'uint8', shape: [20, 20], data: new Uint8Array(9) } },
    ],
  ])('refuses %s', (_what, given) => {
    expect(() => new CropCutter(input).replace(given)).toThrow(RangeError);
  });
});

describe('cropInputOf', () => {
  const tensor = (name: string, shape: readonly (number | string)[]) => ({ name, isTensor: true, shape });

  it('tells size and what lies outside from the input of a graph', () => {
    const inputsOfGraph = [tensor('landmarks', ['faces', 468, 3]), tensor('crops_zeros', ['faces', 1, 96, 160])];
    expect(cropInputOf(inputsOfGraph)).toEqual({ name: 'crops_zeros', widthPx: 160, heightPx: 96, outside: 'zeros' });
  });

  it('finds none in a network that takes its crops itself', () => {
    expect(cropInputOf([tensor('crops', ['face', 144, 144])])).toBeNull();
  });

  it('refuses crops of no fixed size', () => {
    expect(() => cropInputOf([tensor('crops_border', ['faces', 1, 'height', 'width'])])).toThrow(RangeError);
  });
});
