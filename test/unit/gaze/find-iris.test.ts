import { describe, expect, it } from 'vitest';
import type { Point } from '../../../src/domain/face.js';
import { cutPatch } from '../../../src/gaze/eye-patch.js';
import { findIris } from '../../../src/gaze/find-iris.js';
import { drawnEye, EYE } from '../../support/drawn-eye.js';

const close = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y) / EYE.interocularPx;

describe('findIris', () => {
  it.each([
    ['straight ahead', { x: 0, y: 0 }],
    ['to one corner', { x: 0.08, y: 0 }],
    ['to the other corner', { x: -0.08, y: 0.01 }],
    ['up, half under the lid', { x: 0.02, y: -0.03 }],
  ])('finds an iris that looks %s, where the network’s word is a tenth of an eye off', (_, iris) => {
    const eye = drawnEye({ iris });
    const seen = { x: eye.iris.x - 0.03 * EYE.interocularPx * Math.sign(iris.x || 1), y: eye.iris.y };
    const { centre, contrast } = findIris(cutPatch(eye.frame, EYE.centre, EYE), eye.outline, seen);
    expect(close(centre, eye.iris)).toBeLessThan(0.01);
    expect(contrast).toBeGreaterThan(0.5);
  });

  it('searches the whole opening when nothing dark is near the network’s word', () => {
    const eye = drawnEye({ iris: { x: 0.12, y: 0 } });
    const seen = { x: EYE.centre.x - 0.06 * EYE.interocularPx, y: EYE.centre.y };
    const { centre } = findIris(cutPatch(eye.frame, EYE.centre, EYE), eye.outline, seen);
    expect(close(centre, eye.iris)).toBeLessThan(0.02);
  });

  it('follows a leaning face', () => {
    const eye = drawnEye({ iris: { x: 0.05, y: 0 }, angle: 0.5 });
    const patch = cutPatch(eye.frame, EYE.centre, { ...EYE, angle: 0.5 });
    expect(close(findIris(patch, eye.outline, EYE.centre).centre, eye.iris)).toBeLessThan(0.01);
  });

  it('says by its contrast that there is none', () => {
    const eye = drawnEye({ iris: null });
    expect(findIris(cutPatch(eye.frame, EYE.centre, EYE), eye.outline, EYE.centre).contrast).toBeLessThan(0.3);
  });
});

describe('cutPatch', () => {
  it('maps points both ways', () => {
    const { frame } = drawnEye({ iris: null });
    const patch = cutPatch(frame, EYE.centre, { ...EYE, angle: 0.3 });
    const there = patch.toPatch({ x: 63, y: 41 });
    expect(patch.toFrame(there).x).toBeCloseTo(63, 9);
    expect(patch.toFrame(there).y).toBeCloseTo(41, 9);
  });
});
