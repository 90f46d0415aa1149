import { describe, expect, test } from 'vitest';
import { MESH_POINTS } from '../../../src/domain/face.js';
import { loadCanonicalFace } from '../../../src/models/registry.js';
import { IBUG_68, ibugAxis } from '../../../src/record/landmarks-68.js';
import { numberedMesh } from '../../support/record-builders.js';

/** The 68 points of the neutral face that ships with FaceMesh, cm: x to the right of the image, y down, z to the camera. */
const face = (() => {
  const { vertices } = loadCanonicalFace();
  return IBUG_68.map((v) => ({ x: vertices[v * 3]!, y: -vertices[v * 3 + 1]!, z: vertices[v * 3 + 2]! }));
})();
const at = (point: number) => face[point]!;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const mean = (points: readonly number[], axis: 'x' | 'y') =>
  points.reduce((sum, point) => sum + at(point)[axis], 0) / points.length;
const rising = (values: readonly number[]) => values.every((value, index) => index === 0 || value > values[index - 1]!);

/** Points of the iBUG markup that mirror each other. */
const MIRRORED = [
  ...range(0, 7).map((point) => [point, 16 - point] as const),
  ...range(17, 21).map((point) => [point, 43 - point] as const),
  ...[[31, 35] as const, [32, 34] as const],
  ...[[36, 45] as const, [37, 44] as const, [38, 43] as const, [39, 42] as const, [40, 47] as const, [41, 46] as const],
  ...[[48, 54] as const, [49, 53] as const, [50, 52] as const, [59, 55] as const, [58, 56] as const],
  ...[[60, 64] as const, [61, 63] as const, [67, 65] as const],
];
const CENTRAL = [8, 27, 28, 29, 30, 33, 51, 57, 62, 66];

describe('the 68 iBUG points on a neutral face', () => {
  test('are 68 different vertices of the mesh', () => {
    expect(IBUG_68).toHaveLength(68);
    expect(new Set(IBUG_68).size).toBe(68);
    expect(Math.max(...IBUG_68)).toBeLessThan(MESH_POINTS);
  });

  test('mirror each other as the markup does', () => {
    expect(new Set([...MIRRORED.flat(), ...CENTRAL]).size).toBe(68);
    for (const [right, left] of MIRRORED) {
      expect(at(right).x).toBeLessThan(0);
      expect(at(right).x).toBeCloseTo(-at(left).x, 2);
      expect(at(right).y).toBeCloseTo(at(left).y, 2);
    }
    for (const point of CENTRAL) expect(Math.abs(at(point).x)).toBeLessThan(0.01);
  });

  test('jaw: down from the subject’s right ear to the chin, the lowest point of all', () => {
    expect(rising(range(1, 8).map((point) => at(point).y))).toBe(true);
    expect(rising(range(2, 14).map((point) => at(point).x))).toBe(true);
    expect(at(8).y).toBe(Math.max(...face.map(({ y }) => y)));
  });

  test('brows: from outside to inside on the right, above the eyes', () => {
    expect(rising(range(17, 26).map((point) => at(point).x))).toBe(true);
    expect(mean(range(17, 21), 'y')).toBeLessThan(mean([37, 38], 'y'));
  });

  test('nose: bridge from between the eyes down to the tip, the foremost point', () => {
    expect(rising(range(27, 30).map((point) => at(point).y))).toBe(true);
    expect(Math.abs(at(27).y - mean([36, 39], 'y'))).toBeLessThan(0.7);
    expect(at(30).z).toBe(Math.max(...face.map(({ z }) => z)));
    expect(rising(range(31, 35).map((point) => at(point).x))).toBe(true);
    expect(mean(range(31, 35), 'y')).toBeGreaterThan(at(30).y);
  });

  test.each([
    ['right', [36, 37, 38, 39, 40, 41]],
    ['left', [42, 43, 44, 45, 46, 47]],
  ])('%s eye: corner, two of the upper lid, corner, two of the lower lid', (_, eye) => {
    const [a, b, c, d, e, f] = eye as [number, number, number, number, number, number];
    expect(rising([a, b, c, d].map((point) => at(point).x))).toBe(true);
    expect(rising([a, f, e, d].map((point) => at(point).x))).toBe(true);
    expect(Math.max(at(b).y, at(c).y)).toBeLessThan(Math.min(at(e).y, at(f).y));
  });

  test('mouth: outer lip around the inner lip, corners outside', () => {
    expect(rising(range(48, 54).map((point) => at(point).x))).toBe(true);
    expect(rising(range(60, 64).map((point) => at(point).x))).toBe(true);
    expect(rising([59, 58, 57, 56, 55].map((point) => at(point).x))).toBe(true);
    expect(rising([67, 66, 65].map((point) => at(point).x))).toBe(true);
    expect(rising([51, 62, 66, 57].map((point) => at(point).y))).toBe(true);
    expect(at(48).x).toBeLessThan(at(60).x);
    expect(at(51).y).toBeGreaterThan(at(33).y);
  });
});

test('an axis is read from the vertices of the markup', () => {
  const mesh = numberedMesh();
  expect(ibugAxis(mesh, 0)[8]).toBe(100 + 152);
  expect(ibugAxis(mesh, 1)[8]).toBe(200 + 76);
  expect(ibugAxis(mesh, 2)[8]).toBeCloseTo(-15.2, 5);
});
