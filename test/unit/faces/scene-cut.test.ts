import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { isSceneCut, sceneDistance, sceneGrid } from '../../../src/faces/scene-cut.js';

function picture(luma: (x: number, y: number) => number, widthPx = 97, heightPx = 61): Frame {
  const chroma = Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  const data = new Uint8Array(new SharedArrayBuffer(widthPx * heightPx + 2 * chroma));
  for (let y = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) data[y * widthPx + x] = luma(x, y);
  return { index: 0, ptsUs: micros(0), widthPx, heightPx, data };
}

const room = (x: number, y: number) => 60 + ((x * 3 + y * 2) % 90);
const distance = (a: (x: number, y: number) => number, b: (x: number, y: number) => number) =>
  sceneDistance(sceneGrid(picture(a)), sceneGrid(picture(b)));

describe('sceneDistance', () => {
  it('is 0 for the same picture', () => {
    expect(distance(room, room)).toBe(0);
  });
  it.each([
    ['a face that moves', room, (x: number, y: number) => (Math.hypot(x - 50, y - 30) < 18 ? 170 : room(x, y))],
    ['a pan', room, (x: number, y: number) => room(x + 6, y)],
    ['a light that grows brighter', room, (x: number, y: number) => room(x, y) + 20],
  ])('stays below a cut for %s', (_name, before, after) => {
    expect(isSceneCut(distance(before, after), [])).toBe(false);
  });
  it('sees a cut to another place', () => {
    expect(distance(room, (x, y) => (y < 30 ? 220 : 30 + (x % 20)))).toBeGreaterThanOrEqual(0.6);
  });
});

describe('isSceneCut', () => {
  it.each([
    ['a certain cut', 0.7, [0.3, 0.3], true],
    ['a modest change that stands alone', 0.2, [0.01, 0.02], true],
    ['motion that grows', 0.2, [0.05, 0.1, 0.15], false],
    ['a small change of a still picture', 0.1, [0.001], false],
    ['a modest change without a past', 0.2, [], false],
  ])('%s', (_name, distance, recent, cut) => {
    expect(isSceneCut(distance, recent)).toBe(cut);
  });
});
