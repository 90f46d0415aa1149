import type { Point } from '../../src/domain/face.js';
import { type Frame, yuv420pBytes } from '../../src/domain/frame.js';
import { micros } from '../../src/domain/units.js';

/** Where the drawn eye is, frame pixels, and how far the face's eyes would be apart. */
export const EYE = { centre: { x: 70.5, y: 48.5 }, angle: 0, interocularPx: 80 } as const;

const [SKIN, WHITE, IRIS] = [130, 190, 60];
/** Half axes of the opening, and the iris's radius, in eye distances. */
const [HALF_WIDTH, HALF_HEIGHT, RADIUS] = [0.2, 0.075, 0.097];

/** A frame with one eye: white between the lids, and a dark iris that they cut off. `iris` is its place in eye distances from the middle. */
export function drawnEye({ iris, angle = 0 }: { readonly iris: Point | null; readonly angle?: number }): {
  readonly frame: Frame;
  readonly outline: Point[];
  readonly iris: Point;
} {
  const [widthPx, heightPx] = [140, 96];
  const { centre, interocularPx } = EYE;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const toFrame = (u: number, v: number): Point => ({
    x: centre.x + interocularPx * (c * u - s * v),
    y: centre.y + interocularPx * (s * u + c * v),
  });
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx))).fill(128);
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++) {
      const [dx, dy] = [(column + 0.5 - centre.x) / interocularPx, (row + 0.5 - centre.y) / interocularPx];
      const [u, v] = [c * dx + s * dy, -s * dx + c * dy];
      const open = (u / HALF_WIDTH) ** 2 + (v / HALF_HEIGHT) ** 2 < 1;
      const dark = iris !== null && Math.hypot(u - iris.x, v - iris.y) < RADIUS;
      data[row * widthPx + column] = open ? (dark ? IRIS : WHITE) : SKIN;
    }
  }
  const outline = Array.from({ length: 16 }, (_, point) => {
    const turn = (2 * Math.PI * point) / 16;
    return toFrame(-HALF_WIDTH * Math.cos(turn), HALF_HEIGHT * Math.sin(turn));
  });
  return {
    frame: { index: 0, ptsUs: micros(0), widthPx, heightPx, data },
    outline,
    iris: toFrame(iris?.x ?? 0, iris?.y ?? 0),
  };
}
