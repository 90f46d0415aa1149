import { describe, expect, it } from 'vitest';
import { hideFaces, together } from '../../../src/areas/hide-faces.js';
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

describe('hideFaces', () => {
  const frame = { widthPx: 128, heightPx: 128 };
  const noise = () => {
    const data = new Uint8ClampedArray(64 * 64 * 3);
    for (let i = 0; i < data.length; i++) data[i] = (i * 7919) % 256;
    return { widthPx: 64, heightPx: 64, data };
  };
  const box = { space: 'frame', left: 40, top: 40, right: 80, bottom: 80 } as const;

  it('leaves at most a few flat cells of a face and its surroundings', () => {
    const picture = noise();
    hideFaces(picture, [box], frame);
    const colours = new Set<string>();
    for (let y = 20; y < 40; y++) for (let x = 20; x < 40; x++) colours.add(String(pixel(picture, x, y)));
    expect(colours.size).toBeLessThanOrEqual(36);
  });

  it('changes nothing outside the widened box', () => {
    const picture = noise();
    hideFaces(picture, [box], frame);
    const before = noise();
    for (const [x, y] of [
      [5, 5],
      [60, 60],
      [30, 3],
      [3, 30],
    ] as const) {
      expect(pixel(picture, x, y)).toEqual(pixel(before, x, y));
    }
  });

  it('a face at the edge is hidden up to the edge', () => {
    const picture = noise();
    hideFaces(picture, [{ space: 'frame', left: -30, top: -30, right: 20, bottom: 20 }], frame);
    expect(pixel(picture, 0, 0)).toEqual(pixel(picture, 1, 1));
  });
});

describe('together', () => {
  const at = (left: number, top: number, side = 40) => ({ left, top, right: left + side, bottom: top + side });
  const covers = (areas: readonly ReturnType<typeof at>[], box: ReturnType<typeof at>) =>
    areas.some(
      (area) => area.left <= box.left && area.top <= box.top && area.right >= box.right && area.bottom >= box.bottom,
    );
  const still = Array.from({ length: 30 }, (_, frame) => at(100 + (frame % 4), 50 + (frame % 3)));
  const walking = Array.from({ length: 30 }, (_, frame) => at(frame * 20, 50));

  it('is one area for a face that hardly moves', () => {
    expect(together(still)).toEqual([{ left: 100, top: 50, right: 143, bottom: 92 }]);
  });

  it('leaves faces apart that are apart', () => {
    expect(together([at(0, 0), at(200, 0), at(1, 1)])).toHaveLength(2);
  });

  it('does not hide the whole way of a face that walks as one, and every place of it', () => {
    const areas = together(walking);
    expect(areas.length).toBeGreaterThan(5);
    for (const { left, right } of areas) expect(right - left).toBeLessThanOrEqual(60);
    for (const box of [...walking, ...still]) expect(covers(together([...walking, ...still]), box)).toBe(true);
  });
});
