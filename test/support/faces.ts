import type { Box, Detection } from '../../src/domain/face.js';
import { probability } from '../../src/domain/units.js';

/** A box by its centre and side, frame pixels. */
export function boxAt(x: number, y: number, side: number): Box<'frame'> {
  return { space: 'frame', left: x - side / 2, top: y - side / 2, right: x + side / 2, bottom: y + side / 2 };
}

/** A detection with keypoints at plausible places of its box. */
export function detectionAt(x: number, y: number, side: number, score = 0.9): Detection {
  const point = (u: number, v: number) => ({ x: x + side * u, y: y + side * v });
  return {
    box: boxAt(x, y, side),
    keypoints: {
      rightEye: point(-0.2, -0.1),
      leftEye: point(0.2, -0.1),
      nose: point(0, 0.1),
      mouth: point(0, 0.25),
      rightEar: point(-0.5, 0),
      leftEar: point(0.5, 0),
    },
    score: probability(score),
  };
}
