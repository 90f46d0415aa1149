import { describe, expect, it } from 'vitest';
import type { Box } from '../../../src/domain/face.js';
import { containment, cropMatrices, cropToFrame, overlap, shareInside } from '../../../src/faces/crop-matrix.js';

const box = (left: number, top: number, right: number, bottom: number): Box<'frame'> => ({
  space: 'frame',
  left,
  top,
  right,
  bottom,
});

describe('crop matrices', () => {
  const square = { centre: { x: 100, y: 50 }, sidePx: 40, angle: Math.PI / 6 };
  it.each([
    [0.5, 0.5],
    [0, 0],
    [1, 0.25],
  ])('agree with cropToFrame at (%f, %f)', (u, v) => {
    const m = cropMatrices([square, square]);
    const point = cropToFrame(square, u, v);
    expect(m[6]! * u + m[7]! * v + m[8]!).toBeCloseTo(point.x, 4);
    expect(m[9]! * u + m[10]! * v + m[11]!).toBeCloseTo(point.y, 4);
  });
  it('turn clockwise in the image for a positive angle', () => {
    const right = cropToFrame({ ...square, angle: Math.PI / 2 }, 1, 0.5);
    expect(right.x).toBeCloseTo(100);
    expect(right.y).toBeCloseTo(70);
  });
});

describe('box measures', () => {
  it('overlap is intersection over union', () => {
    expect(overlap(box(0, 0, 10, 10), box(5, 0, 15, 10))).toBeCloseTo(1 / 3);
    expect(overlap(box(0, 0, 10, 10), box(10, 0, 20, 10))).toBe(0);
  });
  it('containment is relative to the smaller box', () => {
    expect(containment(box(0, 0, 100, 100), box(90, 90, 110, 110))).toBeCloseTo(0.25);
  });
  it('shareInside counts the part within the frame', () => {
    expect(shareInside(box(-5, 0, 5, 10), { widthPx: 20, heightPx: 20 })).toBeCloseTo(0.5);
    expect(shareInside(box(30, 0, 40, 10), { widthPx: 20, heightPx: 20 })).toBe(0);
  });
});
