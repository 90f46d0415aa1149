import { describe, expect, it } from 'vitest';
import { OnnxBuilder } from '../../../models/convert/onnx-builder.js';
import { addSampler } from '../../../models/convert/sampler.js';
import { DEGRADATIONS } from '../../../src/eval/conditions.js';
import { alignedCrop, centralSquare, sampleCrop } from '../../../src/eval/crop.js';
import { blurred, brightened, gammaAdjusted, jpegCompressed, noisy, rotated } from '../../../src/eval/degrade.js';
import { type GrayImage, mirrored } from '../../../src/eval/gray-image.js';
import { fitWithin, resized } from '../../../src/eval/resize.js';
import { runOnPicture } from '../../support/onnx-run.js';

const picture = (widthPx: number, heightPx: number, value: (x: number, y: number) => number): GrayImage => ({
  widthPx,
  heightPx,
  data: Uint8Array.from({ length: widthPx * heightPx }, (_, at) => value(at % widthPx, Math.floor(at / widthPx))),
});

const waves = picture(48, 48, (x, y) => 128 + 60 * Math.sin(x / 3) + 50 * Math.cos(y / 4));

function distance(a: GrayImage, b: GrayImage): number {
  expect([a.widthPx, a.heightPx]).toEqual([b.widthPx, b.heightPx]);
  return a.data.reduce((sum, value, at) => sum + Math.abs(value - b.data[at]!), 0) / a.data.length;
}

describe('sampleCrop', () => {
  it.each([
    ['enlarged and turned', [20, -8, 14, 8, 20, 6]],
    ['shrunk', [46, 0, 1, 0, 46, 1]],
    ['beyond the border', [60, 0, -9, 0, 60, -3]],
  ])('cuts as the run-time graph does: %s', async (_, matrix) => {
    const builder = new OnnxBuilder();
    const crops = addSampler(builder, { sizePx: 16, oversampling: 3, outside: 'border' });
    builder.output(crops, 'crops', 'float32', ['faces', 1, 16, 16]);
    // The graph reads limited range; the values of a full-range picture that become it exactly.
    const luma = { ...waves, data: waves.data.map((value) => Math.round(16 + (value * 219) / 255)) };
    const full = { ...waves, data: luma.data.map((value) => Math.round(((value - 16) * 255) / 219)) };
    const { crops: expected } = await runOnPicture(builder.build('sampler'), luma, [matrix]);
    const actual = sampleCrop(full, matrix, 16).data;
    for (const [at, value] of expected!.entries()) expect(Math.abs(actual[at]! - value)).toBeLessThanOrEqual(1);
  });

  it('leaves a crop of the right size untouched, and takes the middle of a wide picture', () => {
    expect(alignedCrop(waves, 48)).toBe(waves);
    const wide = picture(20, 10, (x) => (x >= 5 && x < 15 ? 200 : 0));
    expect(centralSquare(wide)).toEqual([10, 0, 5, 0, 10, 0]);
    expect(alignedCrop(wide, 5).data[12]).toBe(200);
  });
});

describe('degradations', () => {
  it('mirror and rotation agree with their definitions', () => {
    const ramp = picture(3, 3, (x, y) => 10 * x + y);
    expect([...mirrored(ramp).data.subarray(0, 3)]).toEqual([20, 10, 0]);
    // Clockwise by a right angle: the left column becomes the upper row, its foot first.
    expect([...rotated(ramp, 90).data.subarray(0, 3)]).toEqual([2, 1, 0]);
    expect(rotated(ramp, 0).data).toEqual(ramp.data);
  });

  it('brightness and gamma follow their formulas', () => {
    const grays = picture(3, 1, (x) => [0, 64, 200][x]!);
    expect([...brightened(grays, 2).data]).toEqual([0, 128, 255]);
    expect([...gammaAdjusted(grays, 2).data]).toEqual([0, 16, 157]);
  });

  it('blur spreads a point as the Gaussian function says', () => {
    const point = picture(21, 21, (x, y) => (x === 10 && y === 10 ? 255 : 0));
    for (const sigma of [0.5, 1.5]) {
      const { data } = blurred(point, sigma);
      expect(data[10 * 21 + 11]! / data[10 * 21 + 10]!).toBeCloseTo(Math.exp(-1 / (2 * sigma ** 2)), 1);
    }
    const flat = picture(9, 9, () => 77);
    expect(blurred(flat, 2).data).toEqual(flat.data);
  });

  it('noise has the sigma asked for, and depends on the seed alone', () => {
    const gray = picture(64, 64, () => 128);
    const values = [...noisy(gray, 10, 3).data].map((value) => value - 128);
    const sigma = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    expect(sigma).toBeGreaterThan(9.5);
    expect(sigma).toBeLessThan(10.5);
    expect(noisy(gray, 10, 3).data).toEqual(noisy(gray, 10, 3).data);
    expect(noisy(gray, 10, 3).data).not.toEqual(noisy(gray, 10, 4).data);
  });

  it('JPEG and size lose more at lower values', async () => {
    const [coarse, fine] = [await jpegCompressed(waves, 10), await jpegCompressed(waves, 90)];
    expect(distance(coarse, waves)).toBeGreaterThan(distance(fine, waves));
    expect((await resized(waves, 24)).data.length).toBe(24 * 24);
    const wide = await fitWithin(
      picture(40, 20, () => 9),
      10,
    );
    expect([wide.widthPx, wide.heightPx, wide.data[0]]).toEqual([10, 5, 9]);
    expect(await fitWithin(waves, 48)).toBe(waves);
  });

  it.each(DEGRADATIONS.map((one) => [one.id, one] as const))(
    '%s gives a crop of the network’s size, and its neutral value changes nothing',
    async (_, degradation) => {
      for (const value of degradation.values) {
        const changed = await degradation.apply(waves, waves, value, 1);
        expect(changed.data.length).toBe(48 * 48);
        if (value === degradation.unchanged) expect(changed.data).toEqual(waves.data);
        else expect(distance(changed, waves)).toBeGreaterThan(0.1);
      }
    },
  );
});
