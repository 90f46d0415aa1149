import { describe, expect, it } from 'vitest';
import { toCameraAxes } from '../../../src/faces/head-pose.js';
import { turnToFront } from '../../../src/landmarks/front-mesh.js';
import { POINTS_106, points106, VERTICES_OF_106 } from '../../../src/landmarks/points-106.js';
import { loadCanonicalFace } from '../../../src/models/registry.js';

const canonical = loadCanonicalFace();
const { vertices } = toCameraAxes(canonical);
/** The canonical face in the middle of a picture, as shares of it. */
const inPicture = Float32Array.from(vertices, (value, at) => (at % 3 === 2 ? value / 40 : 0.5 + value / 40));
const numbers = points106(inPicture);
const at = (point: number) => ({ x: numbers[2 * point]!, y: numbers[2 * point + 1]! });

describe('the 106 points', () => {
  it('are all there, -1 to 1, each from vertices of the mesh', () => {
    expect(numbers).toHaveLength(212);
    expect(VERTICES_OF_106).toHaveLength(POINTS_106);
    for (const own of VERTICES_OF_106) for (const vertex of own) expect(vertex).toBeLessThan(468);
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThan(1);
  });

  it.each([
    ['ends of the contour', 1, 17],
    ['cheeks', 14, 30],
    ['outer tips of the brows', 43, 101],
    ['inner ends of the brows', 50, 102],
    ['lower edges of the brows', 45, 99],
    ['outer corners of the eyes', 35, 93],
    ['pupils', 38, 88],
    ['wings of the nose', 77, 83],
    ['corners of the mouth', 52, 61],
  ])('%s mirror each other', (_, left, right) => {
    expect(at(left).x + at(right).x).toBeCloseTo(0, 1);
    expect(at(left).y).toBeCloseTo(at(right).y, 1);
    expect(at(left).x).toBeLessThan(at(right).x);
  });

  it('lie from brows to chin as on a face', () => {
    const down = [49, 40, 38, 33, 86, 80, 71, 53, 0].map((point) => at(point).y);
    expect(down).toEqual([...down].sort((a, b) => a - b));
  });
});

describe('the mesh turned to the front', () => {
  const angle = 0.5;
  /** The canonical face turned about the vertical, six times as large, somewhere in a picture. */
  const turned = Float32Array.from(vertices);
  for (let point = 0; point < turned.length; point += 3) {
    const [x, y, z] = [vertices[point]!, vertices[point + 1]!, vertices[point + 2]!];
    turned[point] = 6 * (Math.cos(angle) * x + Math.sin(angle) * z) + 300;
    turned[point + 1] = 6 * y + 200;
    turned[point + 2] = 6 * (Math.cos(angle) * z - Math.sin(angle) * x);
  }

  it('is the same wherever the head is and however it is turned', () => {
    const front = turnToFront(canonical)(turned);
    for (const [index, value] of front.entries()) expect(value).toBeCloseTo(vertices[index]!, 2);
  });

  it('keeps what the face does', () => {
    const open = Float32Array.from(turned);
    open[17 * 3 + 1]! += 12; // the lower lip, two centimetres down
    expect(turnToFront(canonical)(open)[17 * 3 + 1]! - vertices[17 * 3 + 1]!).toBeCloseTo(2, 1);
  });
});
