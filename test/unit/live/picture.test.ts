import { describe, expect, it } from 'vitest';
import { rgbToYuv } from '../../../src/domain/colour.js';
import { type Frame, yuv420pBytes } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { shrinkToRgb } from '../../../src/live/picture.js';

/** A frame whose left half is one colour and whose right half another. */
function halves(widthPx: number, heightPx: number, colours: readonly [string, string]): Frame {
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx)));
  const yuv = colours.map((hex) => {
    const value = Number.parseInt(hex.slice(1), 16);
    return rgbToYuv({ r: value >> 16, g: (value >> 8) & 255, b: value & 255 }, 'bt601');
  });
  const chromaWidth = Math.ceil(widthPx / 2);
  const uPlane = widthPx * heightPx;
  const vPlane = uPlane + chromaWidth * Math.ceil(heightPx / 2);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const colour = yuv[x < widthPx / 2 ? 0 : 1]!;
      const chroma = (y >> 1) * chromaWidth + (x >> 1);
      data[y * widthPx + x] = colour.y;
      data[uPlane + chroma] = colour.u;
      data[vPlane + chroma] = colour.v;
    }
  }
  return { index: 0, ptsUs: micros(0), widthPx, heightPx, data };
}

const pixel = (picture: { widthPx: number; data: Uint8ClampedArray }, x: number, y: number) => [
  ...picture.data.subarray((y * picture.widthPx + x) * 3, (y * picture.widthPx + x) * 3 + 3),
];

describe('shrinkToRgb', () => {
  it('takes over the pixels of a picture of the same size, and of no other', () => {
    const options = { maxSidePx: 32, matrix: 'bt601' } as const;
    const old = shrinkToRgb(halves(64, 48, ['#808080', '#808080']), options);
    const fresh = shrinkToRgb(halves(64, 48, ['#ff0000', '#0000ff']), options);
    const reused = shrinkToRgb(halves(64, 48, ['#ff0000', '#0000ff']), { ...options, reuse: old });
    expect(reused.data).toBe(old.data);
    expect(reused.data).toEqual(fresh.data);
    const wider = shrinkToRgb(halves(80, 48, ['#ff0000', '#0000ff']), { ...options, reuse: old });
    expect(wider.data).not.toBe(old.data);
  });

  it.each([
    { size: [64, 48], maxSidePx: 32, expected: [32, 24] },
    { size: [48, 64], maxSidePx: 32, expected: [24, 32] },
    { size: [64, 48], maxSidePx: 640, expected: [64, 48] },
    { size: [63, 47], maxSidePx: 20, expected: [20, 15] },
  ])('$size at most $maxSidePx becomes $expected', ({ size, maxSidePx, expected }) => {
    const picture = shrinkToRgb(halves(size[0]!, size[1]!, ['#808080', '#808080']), { maxSidePx, matrix: 'bt601' });
    expect([picture.widthPx, picture.heightPx]).toEqual(expected);
    expect(picture.data).toHaveLength(expected[0]! * expected[1]! * 3);
  });

  it('keeps colours in their places', () => {
    const picture = shrinkToRgb(halves(64, 48, ['#c02040', '#20a060']), { maxSidePx: 32, matrix: 'bt601' });
    const near = (found: number[], wanted: number[]) =>
      found.every((value, channel) => Math.abs(value - wanted[channel]!) <= 3);
    expect(near(pixel(picture, 4, 12), [0xc0, 0x20, 0x40])).toBe(true);
    expect(near(pixel(picture, 27, 12), [0x20, 0xa0, 0x60])).toBe(true);
  });
});
