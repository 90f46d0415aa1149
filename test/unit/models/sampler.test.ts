import { describe, expect, it } from 'vitest';
import { OnnxBuilder } from '../../../models/convert/onnx-builder.js';
import { addSampler, type SamplerOptions } from '../../../models/convert/sampler.js';
import { type Picture, runOnPicture } from '../../support/onnx-run.js';

const picture: Picture = {
  widthPx: 23,
  heightPx: 17,
  data: Uint8Array.from({ length: 23 * 17 }, (_, index) => 16 + ((index * 7919) % 220)),
};

function sampler(options: SamplerOptions) {
  const builder = new OnnxBuilder();
  builder.output(addSampler(builder, options), 'crops', 'float32', ['faces', 1, options.sizePx, options.sizePx]);
  return builder.build('sampler');
}

/** Bilinear, written from its definition: pixel centres at +0.5, limited range to 0..255. */
function expected(matrix: readonly number[], { sizePx, oversampling, outside }: SamplerOptions): number[] {
  const { widthPx, heightPx, data } = picture;
  const [a, b, c, d, e, f] = matrix as [number, number, number, number, number, number];
  const pixel = (x: number, y: number): number => {
    const inside = x >= 0 && y >= 0 && x < widthPx && y < heightPx;
    if (!inside && outside === 'zeros') return 0;
    return data[Math.min(Math.max(y, 0), heightPx - 1) * widthPx + Math.min(Math.max(x, 0), widthPx - 1)]!;
  };
  const sample = (u: number, v: number): number => {
    const x = a * u + b * v + c - 0.5;
    const y = d * u + e * v + f - 0.5;
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const top = pixel(x0, y0) * (1 - x + x0) + pixel(x0 + 1, y0) * (x - x0);
    const bottom = pixel(x0, y0 + 1) * (1 - x + x0) + pixel(x0 + 1, y0 + 1) * (x - x0);
    return top * (1 - y + y0) + bottom * (y - y0);
  };
  const side = sizePx * oversampling;
  return Array.from({ length: sizePx * sizePx }, (_, index) => {
    let sum = 0;
    for (let dy = 0; dy < oversampling; dy++) {
      for (let dx = 0; dx < oversampling; dx++) {
        const column = (index % sizePx) * oversampling + dx;
        const row = Math.floor(index / sizePx) * oversampling + dy;
        sum += sample((column + 0.5) / side, (row + 0.5) / side);
      }
    }
    return Math.min(255, Math.max(0, ((sum / oversampling ** 2 - 16) * 255) / 219));
  });
}

const identity = [8, 0, 3, 0, 8, 2];
const turned = [6, -3, 9, 3, 6, 4];
const beyond = [30, 0, -5, 0, 30, -6];

describe('addSampler', () => {
  it.each<[string, SamplerOptions, readonly (readonly number[])[]]>([
    ['one pixel to one', { sizePx: 8, oversampling: 1, outside: 'border' }, [identity]],
    ['turned', { sizePx: 8, oversampling: 1, outside: 'border' }, [turned]],
    ['black outside', { sizePx: 8, oversampling: 1, outside: 'zeros' }, [beyond]],
    ['the border repeated outside', { sizePx: 8, oversampling: 1, outside: 'border' }, [beyond]],
    ['averaged', { sizePx: 5, oversampling: 3, outside: 'border' }, [turned]],
    ['several faces at once', { sizePx: 8, oversampling: 1, outside: 'border' }, [turned, identity, beyond]],
  ])('%s', async (_name, options, matrices) => {
    const { crops } = await runOnPicture(sampler(options), picture, matrices);
    const values = matrices.flatMap((matrix) => expected(matrix, options));
    expect(crops).toHaveLength(values.length);
    for (const [index, value] of values.entries()) expect(crops![index]!).toBeCloseTo(value, 2);
  });
});
