import { expect, it } from 'vitest';
import { toCameraAxes } from '../../../src/faces/head-pose.js';
import { turnToFront } from '../../../src/landmarks/front-mesh.js';
import { landmarkMaker, landmarkNumbers, rounded } from '../../../src/landmarks/landmark-sets.js';
import { loadCanonicalFace } from '../../../src/models/registry.js';

const { vertices } = toCameraAxes(loadCanonicalFace());
const WIDTH = 640;
const HEIGHT = 480;
/** The canonical face in a picture of 640 x 480, as shares of it. */
const mesh = Float32Array.from(vertices, (value, at) => [value * 16 + 300, value * 16 + 200, value * 16][at % 3]!);
for (const [at, value] of mesh.entries()) mesh[at] = value / (at % 3 === 1 ? HEIGHT : WIDTH);
const maker = landmarkMaker(loadCanonicalFace);

it('makes the sets by how many numbers they have', () => {
  expect(maker.sizes).toEqual([212, 1404]);
  for (const size of maker.sizes) expect(maker.of(size, mesh, HEIGHT / WIDTH)).toHaveLength(size);
  expect(() => maker.of(136, mesh, 1)).toThrow(/no set of points has 136 numbers/);
});

it('the numbers that an engine is sent are those that files are written with', () => {
  const front = turnToFront(loadCanonicalFace());
  const file = rounded(landmarkNumbers({ mesh, width: WIDTH, height: HEIGHT }, '106', front));
  expect(maker.of(212, mesh, HEIGHT / WIDTH)).toEqual(file);
  const turned = landmarkNumbers({ mesh, width: WIDTH, height: HEIGHT }, 'mesh', front);
  for (const [at, value] of maker.of(1404, mesh, HEIGHT / WIDTH).entries()) expect(value).toBeCloseTo(turned[at]!, 3);
});

it('a mesh is turned in a unit that both axes share: a wide picture changes nothing', () => {
  for (const [at, value] of maker.of(1404, mesh, HEIGHT / WIDTH).entries()) expect(value).toBeCloseTo(vertices[at]!, 2);
});

it('numbers have six decimals, so that a file and a request are short', () => {
  expect(rounded(Float32Array.of(1 / 3, -0.5))).toEqual([0.333333, -0.5]);
});
