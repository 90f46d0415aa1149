import { describe, expect, it } from 'vitest';
import { writeAlignedMesh } from '../../../src/domain/aligned-mesh.js';

/** A crop at (left, top), of a side in pixels, turned by an angle. */
const crop = (left: number, top: number, sidePx: number, angle: number): number[] => {
  const [c, s] = [sidePx * Math.cos(angle), sidePx * Math.sin(angle)];
  return [c, -s, left, s, c, top];
};

describe('writeAlignedMesh', () => {
  it.each([
    { angle: 0, sidePx: 100 },
    { angle: 0.5, sidePx: 37 },
    { angle: -2, sidePx: 800 },
  ])('undoes the alignment ($angle rad, $sidePx px)', ({ angle, sidePx }) => {
    const m = crop(50, -20, sidePx, angle);
    const unit = [0, 0, 0, 1, 0, 0.5, 0.25, 0.75, -0.3, 1.5, -0.5, 0.1];
    const mesh = new Float32Array(unit.length);
    for (let at = 0; at < unit.length; at += 3) {
      const [x, y, z] = unit.slice(at, at + 3) as [number, number, number];
      mesh.set([m[0]! * x + m[1]! * y + m[2]!, m[3]! * x + m[4]! * y + m[5]!, z * sidePx], at);
    }
    const target = new Float32Array(unit.length + 6).fill(9);
    writeAlignedMesh(target, 3, m, mesh);
    unit.forEach((value, i) => {
      expect(target[i + 3]).toBeCloseTo(value, 4);
    });
    expect([...target.slice(0, 3), ...target.slice(-3)]).toEqual([9, 9, 9, 9, 9, 9]);
  });

  it('turns a leaning face upright: a point to the right in the crop, below it in the frame', () => {
    const target = new Float32Array(3);
    writeAlignedMesh(target, 0, crop(10, 10, 100, Math.PI / 2), Float32Array.of(10, 60, -50));
    expect([...target].map((value) => Math.round(value * 1000) / 1000)).toEqual([0.5, 0, -0.5]);
  });
});
