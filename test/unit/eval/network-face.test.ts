import { expect, it } from 'vitest';
import { meshTwins, mirroredFace } from '../../../src/eval/network-face.js';
import { loadCanonicalFace } from '../../../src/models/registry.js';

const twins = meshTwins(loadCanonicalFace());
const crop = { widthPx: 2, heightPx: 1, data: Uint8Array.of(10, 200) };

it('the two sides of the face are twins of each other, and its middle of itself', () => {
  // Outer eye corners, mouth corners, tip of the nose (FaceMesh).
  expect([twins[33], twins[263], twins[61], twins[291], twins[1]]).toEqual([263, 33, 291, 61, 1]);
  expect(twins.map((twin) => twins[twin])).toEqual([...twins.keys()]);
});

it('a mirrored face has its right mouth corner where the left one was', () => {
  const mesh = new Float32Array(468 * 3);
  mesh.set([0.25, 0.75, 0.5], 61 * 3);
  const mirrored = mirroredFace({ crop, mesh }, twins);
  expect([...mirrored.crop.data]).toEqual([200, 10]);
  expect([...mirrored.mesh!.subarray(291 * 3, 291 * 3 + 3)]).toEqual([0.75, 0.75, 0.5]);
  expect(mirroredFace(mirrored, twins).mesh).toEqual(mesh);
});

it('a face without a mesh has none in the mirror', () => {
  expect(mirroredFace({ crop, mesh: null }, twins).mesh).toBeNull();
});
