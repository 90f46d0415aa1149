import type { MeshPoints } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { meshPoint } from './mesh-geometry.js';

/** FaceMesh vertices: below the nose, the chin, and the corners of the mouth. */
const BELOW_NOSE = 2;
const CHIN = 175;
const MOUTH_CORNERS = [61, 291] as const;
/** Columns from nose to chin, in mouth widths from the middle. */
const COLUMNS = [-0.25, -0.12, 0, 0.12, 0.25];
const SAMPLES = 24;
/** Limited-range luma of black, and the least brightness that contrast is measured against. */
const BLACK = 16;
const LEAST_BRIGHTNESS = 20;

/**
 * How much luma changes from nose to chin beside an even slope, relative to the brightness there: lips, the line between
 * them, teeth or a beard make it 0.2 to 2, cloth of one colour about 0.1. Needs no colour.
 */
export function mouthContrast(frame: Frame, mesh: MeshPoints): number {
  const { widthPx, heightPx, data } = frame;
  const [nose, chin] = [meshPoint(mesh, BELOW_NOSE), meshPoint(mesh, CHIN)];
  const [right, left] = MOUTH_CORNERS.map((vertex) => meshPoint(mesh, vertex));
  const inside = (value: number, length: number): number => Math.max(0, Math.min(length - 1, Math.round(value)));
  const profile = Array.from({ length: SAMPLES }, (_, index) => {
    const down = index / (SAMPLES - 1);
    let sum = 0;
    for (const across of COLUMNS) {
      const x = nose.x + (chin.x - nose.x) * down + (left!.x - right!.x) * across;
      const y = nose.y + (chin.y - nose.y) * down + (left!.y - right!.y) * across;
      sum += data[inside(y, heightPx) * widthPx + inside(x, widthPx)]!;
    }
    return sum / COLUMNS.length;
  });
  const [first, last] = [profile[0]!, profile.at(-1)!];
  const beside = profile.map((value, index) => value - first - ((last - first) * index) / (SAMPLES - 1));
  const brightness = profile.reduce((sum, value) => sum + value, 0) / SAMPLES - BLACK;
  return (Math.max(...beside) - Math.min(...beside)) / Math.max(LEAST_BRIGHTNESS, brightness);
}
