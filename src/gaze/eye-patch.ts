import type { Point } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';

/** Patch pixels across and down, and their side in eye distances: an iris is about 13 of them wide. */
export const PATCH = { width: 44, height: 32, unit: 0.015 } as const;

/** A level piece of the frame around an eye, luma, row by row. */
export interface EyePatch {
  readonly luma: Float32Array;
  toPatch(point: Point): Point;
  toFrame(point: Point): Point;
}

/** Samples per pixel and axis are capped: beyond, a very large face aliases a little. */
const MAX_SAMPLES = 4;

/**
 * Cuts out the surroundings of an eye.
 *
 * @param centre - middle of the eye, frame pixels
 * @param angle - of the line through both eyes, radians clockwise
 */
export function cutPatch(
  frame: Frame,
  centre: Point,
  { angle, interocularPx }: { readonly angle: number; readonly interocularPx: number },
): EyePatch {
  const { width, height, unit } = PATCH;
  const scale = unit * interocularPx;
  const [c, s] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const toFrame = ({ x, y }: Point): Point => {
    const [u, v] = [x - width / 2, y - height / 2];
    return { x: centre.x + c * u - s * v, y: centre.y + s * u + c * v };
  };
  const toPatch = ({ x, y }: Point): Point => {
    const [dx, dy] = [(x - centre.x) / scale ** 2, (y - centre.y) / scale ** 2];
    return { x: c * dx + s * dy + width / 2, y: -s * dx + c * dy + height / 2 };
  };
  const samples = Math.min(MAX_SAMPLES, Math.max(1, Math.ceil(scale)));
  const luma = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let i = 0; i < samples; i++) {
        const v = row + (i + 0.5) / samples - height / 2;
        for (let j = 0; j < samples; j++) {
          const u = column + (j + 0.5) / samples - width / 2;
          sum += lumaAt(frame, centre.x + c * u - s * v, centre.y + s * u + c * v);
        }
      }
      luma[row * width + column] = sum / samples ** 2;
    }
  }
  return { luma, toPatch, toFrame };
}

/** Bilinear; the frame's border repeats outside. */
function lumaAt({ data, widthPx, heightPx }: Frame, x: number, y: number): number {
  const u = Math.min(widthPx - 1, Math.max(0, x - 0.5));
  const v = Math.min(heightPx - 1, Math.max(0, y - 0.5));
  const left = Math.floor(u);
  const top = Math.floor(v);
  const a = u - left;
  const b = v - top;
  const at = top * widthPx + left;
  const right = left + 1 < widthPx ? 1 : 0;
  const down = top + 1 < heightPx ? widthPx : 0;
  const upper = data[at]! * (1 - a) + data[at + right]! * a;
  const lower = data[at + down]! * (1 - a) + data[at + down + right]! * a;
  return upper * (1 - b) + lower * b;
}
