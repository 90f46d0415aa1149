import { describe, expect, it } from 'vitest';
import { anchorCentres, decodeDetections, FULL_RANGE, SHORT_RANGE } from '../../../src/faces/decode-detections.js';

describe('anchorCentres', () => {
  it('has the networks output sizes', () => {
    expect(anchorCentres(FULL_RANGE).length / 2).toBe(2304);
    expect(anchorCentres(SHORT_RANGE).length / 2).toBe(896);
  });
  it('runs row by row, anchors of a cell together', () => {
    const centres = anchorCentres(SHORT_RANGE);
    expect([...centres.slice(0, 6)]).toEqual([1 / 32, 1 / 32, 1 / 32, 1 / 32, 3 / 32, 1 / 32]);
    expect([...centres.slice(2 * 512, 2 * 512 + 2)]).toEqual([1 / 16, 1 / 16]);
  });
});

describe('decodeDetections', () => {
  const crop = { centre: { x: 192, y: 192 }, sidePx: 384, angle: 0 };
  const anchors = anchorCentres(FULL_RANGE);
  const heads = () => ({
    boxes: new Float32Array(2304 * 16),
    scores: new Float32Array(2304).fill(-10),
  });

  it('places box and keypoints in frame pixels', () => {
    const { boxes, scores } = heads();
    const anchor = 24 * 48 + 10; // centre (10.5, 24.5) of 48 cells: input pixels (42, 98)
    scores[anchor] = 2;
    boxes.set([4, -2, 20, 30, -5, -6, 5, -6], anchor * 16);
    const [found, ...others] = decodeDetections({ boxes, scores }, FULL_RANGE, anchors, crop, 0.5);
    expect(others).toEqual([]);
    expect(found!.score).toBeCloseTo(1 / (1 + Math.exp(-2)));
    expect(found!.box.left).toBeCloseTo((42 + 4 - 10) * 2, 3);
    expect(found!.box.bottom).toBeCloseTo((98 - 2 + 15) * 2, 3);
    expect(found!.keypoints.rightEye.x).toBeCloseTo((42 - 5) * 2, 3);
    expect(found!.keypoints.leftEye.x).toBeCloseTo((42 + 5) * 2, 3);
  });
  it('leaves out weak, empty and non-finite detections', () => {
    const { boxes, scores } = heads();
    scores[0] = -0.1;
    scores[1] = 3; // no size
    scores[2] = Number.NaN;
    boxes.set([0, 0, 5, 5], 0);
    boxes.set([0, 0, 5, 5], 32);
    expect(decodeDetections({ boxes, scores }, FULL_RANGE, anchors, crop, 0.5)).toEqual([]);
  });
});
