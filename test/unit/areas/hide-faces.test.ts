import { describe, expect, it } from 'vitest';
import { hideFaces, together } from '../../../src/areas/hide-faces.js';

const pixel = (picture: { widthPx: number; data: Uint8ClampedArray }, x: number, y: number) => [
  ...picture.data.subarray((y * picture.widthPx + x) * 3, (y * picture.widthPx + x) * 3 + 3),
];

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
