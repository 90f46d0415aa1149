import { describe, expect, it } from 'vitest';
import { writeAlignment } from '../../../src/domain/alignment.js';

const template = { rightEye: { x: 0.3, y: 0.4 }, leftEye: { x: 0.7, y: 0.4 }, mouth: { x: 0.5, y: 0.8 } };

describe('writeAlignment', () => {
  it.each([
    { angle: 0, scale: 100 },
    { angle: 0.5, scale: 37 },
    { angle: -2, scale: 800 },
  ])('recovers a similarity ($angle rad, $scale px) exactly', ({ angle, scale }) => {
    const place = ({ x, y }: { x: number; y: number }) => ({
      x: 50 + scale * (Math.cos(angle) * x - Math.sin(angle) * y),
      y: -20 + scale * (Math.sin(angle) * x + Math.cos(angle) * y),
    });
    const m = new Float32Array(12);
    writeAlignment(m, 6, template, {
      rightEye: place(template.rightEye),
      leftEye: place(template.leftEye),
      mouth: place(template.mouth),
    });
    const corner = place({ x: 1, y: 0 });
    expect(m[6]! + m[8]!).toBeCloseTo(corner.x, 3);
    expect(m[9]! + m[11]!).toBeCloseTo(corner.y, 3);
    expect([...m.slice(0, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
  });
  it('never mirrors: a mirrored face keeps a rotation matrix', () => {
    const m = new Float32Array(6);
    writeAlignment(m, 0, template, { rightEye: { x: 70, y: 40 }, leftEye: { x: 30, y: 40 }, mouth: { x: 50, y: 80 } });
    expect(m[0]! * m[4]! - m[1]! * m[3]!).toBeGreaterThanOrEqual(0);
  });
});
