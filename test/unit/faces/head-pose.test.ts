import { describe, expect, it } from 'vitest';
import { assumedFocalPx } from '../../../src/domain/camera.js';
import { headPose, toCameraAxes } from '../../../src/faces/head-pose.js';

const frame = { widthPx: 640, heightPx: 480 };
const DEGREE = Math.PI / 180;

/** Points that are not flat and not symmetric, in canonical axes (x to the subject's left, y up, z to the camera), cm. */
function blob() {
  const vertices = new Float32Array(20 * 3);
  for (let i = 0; i < 20; i++) {
    vertices[i * 3] = 8 * Math.sin(i * 1.7);
    vertices[i * 3 + 1] = 9 * Math.cos(i * 2.3);
    vertices[i * 3 + 2] = 5 * Math.sin(i * 0.9 + 1) ** 2;
  }
  return { vertices, weights: new Float32Array(20).fill(1).fill(0, 15) };
}

/** Projects canonical points as a camera would see them (weak perspective), turned by the given elementary rotation. */
function seen(turn: (x: number, y: number, z: number) => [number, number, number], scale = 12) {
  const { vertices } = blob();
  const mesh = new Float32Array(vertices.length);
  for (let i = 0; i < vertices.length; i += 3) {
    const [x, y, z] = turn(vertices[i]!, vertices[i + 1]!, vertices[i + 2]!);
    mesh[i] = 320 + scale * x;
    mesh[i + 1] = 240 - scale * y;
    mesh[i + 2] = -scale * z;
  }
  return mesh;
}

const canonical = toCameraAxes(blob());
const c = Math.cos(20 * DEGREE);
const s = Math.sin(20 * DEGREE);

describe('headPose', () => {
  it('is zero for a face that looks at the camera', () => {
    const pose = headPose(
      seen((x, y, z) => [x, y, z]),
      canonical,
      frame,
    );
    for (const angle of [pose.yaw, pose.pitch, pose.roll]) expect(angle).toBeCloseTo(0, 5);
    expect(pose.translationMm.z).toBeCloseTo((10 * assumedFocalPx(frame)) / 12, 1);
  });

  // Signs: the nose points along +z; to the image's left is -x, up is +y, clockwise in the image turns +y to +x.
  it.each([
    [
      'yaw',
      'the nose to the left of the image',
      (x: number, y: number, z: number) => [c * x - s * z, y, s * x + c * z],
    ],
    ['pitch', 'the nose up', (x: number, y: number, z: number) => [x, c * y + s * z, -s * y + c * z]],
    [
      'roll',
      'the crown to the right of the image',
      (x: number, y: number, z: number) => [c * x + s * y, -s * x + c * y, z],
    ],
  ] as const)('%s is positive with %s', (name, _meaning, turn) => {
    const pose = headPose(
      seen((x, y, z) => turn(x, y, z) as [number, number, number]),
      canonical,
      frame,
    );
    for (const angle of ['yaw', 'pitch', 'roll'] as const) {
      expect(pose[angle] / DEGREE, angle).toBeCloseTo(angle === name ? 20 : 0, 3);
    }
  });

  it('ignores vertices of weight 0', () => {
    const mesh = seen((x, y, z) => [x, y, z]);
    mesh[16 * 3] = 9000;
    expect(headPose(mesh, canonical, frame).yaw).toBeCloseTo(0, 5);
  });

  it('translates in millimetres, right and down positive', () => {
    const mesh = seen((x, y, z) => [x, y, z]).map((value, index) =>
      index % 3 === 0 ? value + 60 : index % 3 === 1 ? value - 30 : value,
    );
    const { translationMm } = headPose(mesh, canonical, frame);
    expect(translationMm.x).toBeCloseTo(50, 1);
    expect(translationMm.y).toBeCloseTo(-25, 1);
  });
});
