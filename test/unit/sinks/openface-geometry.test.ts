import { expect, test } from 'vitest';
import { assumedFocalPx } from '../../../src/domain/camera.js';
import type { HeadPose } from '../../../src/domain/face.js';
import { radians } from '../../../src/domain/units.js';
import { headPose, toCameraAxes } from '../../../src/faces/head-pose.js';
import { loadCanonicalFace } from '../../../src/models/registry.js';
import { IBUG_68 } from '../../../src/record/landmarks-68.js';
import { landmarksMm, openFaceAngles } from '../../../src/sinks/openface-geometry.js';
import { numberedMesh } from '../../support/record-builders.js';

const poseOf = (yaw: number, pitch: number, roll: number, x = 0, y = 0, z = 1000): HeadPose => ({
  yaw: radians(yaw),
  pitch: radians(pitch),
  roll: radians(roll),
  translationMm: { x, y, z },
});

/** The rotation that OpenFace's documentation states: R = Rx · Ry · Rz, written out. */
function openFaceRotation({ rx, ry, rz }: { rx: number; ry: number; rz: number }): number[][] {
  const [s1, s2, s3] = [Math.sin(rx), Math.sin(ry), Math.sin(rz)];
  const [c1, c2, c3] = [Math.cos(rx), Math.cos(ry), Math.cos(rz)];
  return [
    [c2 * c3, -c2 * s3, s2],
    [c1 * s3 + c3 * s1 * s2, c1 * c3 - s1 * s2 * s3, -c2 * s1],
    [s1 * s3 - c1 * c3 * s2, c3 * s1 + c1 * s2 * s3, c1 * c2],
  ];
}

const apply = (matrix: number[][], vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, index) => sum + value * vector[index]!, 0));

test.each([
  ['level', poseOf(0, 0, 0), [0, 0, 0]],
  ['to the left of the image', poseOf(0.3, 0, 0), [0, 0.3, 0]],
  ['up', poseOf(0, 0.3, 0), [-0.3, 0, 0]],
  ['clockwise', poseOf(0, 0, 0.3), [0, 0, 0.3]],
])('on the optical axis, %s: one angle each', (_, pose, [rx, ry, rz]) => {
  const angles = openFaceAngles(pose);
  expect(angles.rx).toBeCloseTo(rx!, 12);
  expect(angles.ry).toBeCloseTo(ry!, 12);
  expect(angles.rz).toBeCloseTo(rz!, 12);
});

test('a turned head points where the signs say: camera axes x right, y down, z away', () => {
  const nose = [0, 0, -1];
  expect(apply(openFaceRotation(openFaceAngles(poseOf(0.3, 0, 0))), nose)[0]).toBeLessThan(-0.2);
  expect(apply(openFaceRotation(openFaceAngles(poseOf(0, 0.3, 0))), nose)[1]).toBeLessThan(-0.2);
  expect(apply(openFaceRotation(openFaceAngles(poseOf(0, 0, 0.3))), [1, 0, 0])[1]).toBeGreaterThan(0.2);
});

test.each([
  [400, 0, 1000],
  [-700, 250, 900],
  [0, -300, 800],
])('a face at (%d, %d, %d) mm that looks into the camera points at the camera', (x, y, z) => {
  const nose = apply(openFaceRotation(openFaceAngles(poseOf(0, 0, 0, x, y, z))), [0, 0, -1]);
  const length = Math.hypot(x, y, z);
  const cosine = (-x * nose[0]! - y * nose[1]! - z * nose[2]!) / length;
  // OpenFace's own correction is exact on the axes and a few degrees off between them.
  expect(Math.acos(cosine)).toBeLessThan(x === 0 || y === 0 ? 1e-6 : 0.1);
});

test('all three angles at once, on the axis, rotate like yaw · pitch · roll', () => {
  const [yaw, pitch, roll] = [0.5, -0.3, 0.2];
  const r = openFaceRotation(openFaceAngles(poseOf(yaw, pitch, roll)));
  // The rows and columns that define our own angles (see headPose).
  expect(Math.atan2(r[0]![2]!, r[2]![2]!)).toBeCloseTo(yaw, 10);
  expect(Math.asin(r[1]![2]!)).toBeCloseTo(pitch, 10);
  expect(Math.atan2(r[1]![0]!, r[1]![1]!)).toBeCloseTo(roll, 10);
});

test('millimetres project back onto the pixels they came from, at the distance of the head', () => {
  const frame = { widthPx: 1280, heightPx: 720 };
  const mesh = numberedMesh();
  const pose = poseOf(0, 0, 0, 0, 0, 640);
  const mm = landmarksMm(mesh, pose, frame);
  const focalPx = assumedFocalPx(frame);
  IBUG_68.forEach((vertex, point) => {
    expect((mm.x[point]! * focalPx) / 640 + 640).toBeCloseTo(mesh[vertex * 3]!, 3);
    expect((mm.y[point]! * focalPx) / 640 + 360).toBeCloseTo(mesh[vertex * 3 + 1]!, 3);
    expect(mm.z[point]).toBeCloseTo(640 + (mesh[vertex * 3 + 2]! * 640) / focalPx, 3);
  });
});

test('a neutral face of known size and place comes back in millimetres', () => {
  const frame = { widthPx: 1280, heightPx: 720 };
  const canonical = toCameraAxes(loadCanonicalFace());
  const place = { x: 150, y: -60, z: 700 };
  const focalPx = assumedFocalPx(frame);
  const pxPerMm = focalPx / place.z;
  // Weak perspective: canonical centimetres in camera axes, one scale.
  const mesh = Float32Array.from(canonical.vertices, (cm, index) => {
    const shift = [640 + place.x * pxPerMm, 360 + place.y * pxPerMm, 0][index % 3]!;
    return cm * 10 * pxPerMm + shift;
  });
  const pose = headPose(mesh, canonical, frame);
  const mm = landmarksMm(mesh, pose, frame);
  IBUG_68.forEach((vertex, point) => {
    expect(mm.x[point]).toBeCloseTo(place.x + canonical.vertices[vertex * 3]! * 10, 0);
    expect(mm.y[point]).toBeCloseTo(place.y + canonical.vertices[vertex * 3 + 1]! * 10, 0);
    expect(mm.z[point]).toBeCloseTo(place.z + canonical.vertices[vertex * 3 + 2]! * 10, 0);
  });
});
