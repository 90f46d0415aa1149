import { describe, expect, it } from 'vitest';
import { bareQuality, isBareFace, isProfile, judgeBare, mayBeBare, noseOffset } from '../../../src/faces/bare-face.js';
import { DEFAULT_VALIDITY } from '../../../src/faces/validity.js';
import { detectionAt } from '../../support/faces.js';

const frame = { widthPx: 640, heightPx: 480 };

/** A detection with its nose that many ear distances right of the middle between the ears. */
function turned(offset: number, at = { x: 320, y: 240, side: 200 }) {
  const detection = detectionAt(at.x, at.y, at.side);
  const { keypoints } = detection;
  return { ...detection, keypoints: { ...keypoints, nose: { x: at.x + offset * at.side, y: at.y } } };
}

describe('noseOffset', () => {
  it.each([0, 0.3, 0.8, -0.8])('is the distance from the middle between the ears, on either side: %d', (offset) => {
    expect(noseOffset(turned(offset).keypoints)).toBeCloseTo(Math.abs(offset));
  });

  it('is the same for a face on its side', () => {
    const { keypoints } = turned(0.8);
    const lying = Object.fromEntries(Object.entries(keypoints).map(([name, { x, y }]) => [name, { x: -y, y: x }]));
    expect(noseOffset(lying as unknown as typeof keypoints)).toBeCloseTo(0.8);
  });

  it('makes a profile only where the nose is beyond an ear', () => {
    expect([0, 0.5, 0.64, 0.8, 1.2].map(isProfile)).toEqual([false, false, false, true, true]);
  });
});

describe('a face without a mesh', () => {
  const why = (detection: ReturnType<typeof turned>) =>
    judgeBare(detection, bareQuality(detection, 0.1, frame), DEFAULT_VALIDITY);

  it('is large', () => {
    expect(mayBeBare(detectionAt(320, 240, 200), frame)).toBe(true);
    expect(mayBeBare(detectionAt(320, 240, 60), frame)).toBe(false);
  });

  it('is what two detectors together are sure of, or one alone more so; once seen, less is enough', () => {
    const both = { detectors: 2, followed: false };
    expect([0.49, 0.51].map((opinion) => isBareFace(opinion, both))).toEqual([false, true]);
    expect([0.41, 0.43].map((opinion) => isBareFace(opinion, { ...both, followed: true }))).toEqual([false, true]);
    expect([0.59, 0.61].map((opinion) => isBareFace(opinion, { detectors: 1, followed: true }))).toEqual([false, true]);
  });

  it('says why it is not read', () => {
    expect(why(turned(0.6))).toBe('profile');
    expect(why(turned(0))).toBe('low-confidence');
    expect(why(turned(0.6, { x: 20, y: 240, side: 200 }))).toBe('out-of-frame');
    expect(why(turned(0.6, { x: 320, y: 240, side: 16 }))).toBe('too-small');
  });
});
