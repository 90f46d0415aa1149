import { assumedFocalPx } from '../domain/camera.js';
import type { HeadPose, MeshPoints } from '../domain/face.js';
import { type GazeAngles, gazeVector } from '../domain/gaze.js';
import { ibugAxis } from '../record/landmarks-68.js';

/** Row-major 3×3, camera axes x right, y down, z away. */
type Rotation = readonly number[];

function multiply(a: Rotation, b: Rotation): number[] {
  return Array.from({ length: 9 }, (_, index) => {
    const [row, column] = [Math.floor(index / 3) * 3, index % 3];
    return a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!;
  });
}

const about = {
  x: (angle: number): Rotation => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [1, 0, 0, 0, c, -s, 0, s, c];
  },
  y: (angle: number): Rotation => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [c, 0, s, 0, 1, 0, -s, 0, c];
  },
  z: (angle: number): Rotation => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [c, -s, 0, s, c, 0, 0, 0, 1];
  },
};

/**
 * Our head angles as OpenFace's pose_Rx, pose_Ry, pose_Rz (radians; R = Rx · Ry · Rz in camera axes x right, y down,
 * z away, so Rx > 0 looks down, Ry > 0 turns to the left of the image, Rz > 0 leans clockwise in it).
 *
 * Two steps. Ours is R = Ry(yaw) · Rx(-pitch) · Rz(roll) relative to the line of sight; OpenFace writes rotation
 * relative to the camera's axes (its GetPose, not GetPoseWRTCamera), so a head that looks into the camera from the side
 * of the frame reads about ±atan(X / Z) there. The rotation between the two is the one OpenFace itself uses.
 */
export function openFaceAngles(pose: HeadPose): { readonly rx: number; readonly ry: number; readonly rz: number } {
  const relative = multiply(multiply(about.y(pose.yaw), about.x(-pose.pitch)), about.z(pose.roll));
  const r = multiply(towardsFace(pose), relative);
  return {
    rx: Math.atan2(-r[5]!, r[8]!),
    ry: Math.asin(Math.max(-1, Math.min(1, r[2]!))),
    rz: Math.atan2(-r[1]!, r[0]!),
  };
}

/** From the line of sight to a face to the camera's axes. */
function towardsFace({ translationMm: { x, y, z } }: HeadPose): Rotation {
  return multiply(about.y(Math.atan2(x, Math.hypot(y, z))), about.x(-Math.atan2(y, Math.hypot(x, z))));
}

/** Our gaze as OpenFace's gaze_0 and gaze_1: a unit vector in the camera's axes, x right, y down, z away. */
export function openFaceGaze(gaze: GazeAngles, pose: HeadPose): readonly [x: number, y: number, z: number] {
  const r = towardsFace(pose);
  const v = gazeVector(gaze);
  const row = (index: number): number => r[index]! * v[0] + r[index + 1]! * v[1] + r[index + 2]! * v[2];
  return [row(0), row(3), row(6)];
}

/** The 68 points in millimetres of camera space. */
export interface LandmarksMm {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly z: readonly number[];
}

/**
 * Mesh points in millimetres, weak perspective: one scale for the whole face, Tz / f, with f the focal length the pose
 * assumed. X = (x - width / 2) · Tz / f, Y = (y - height / 2) · Tz / f, Z = Tz + z · Tz / f; the mesh's z is relative to
 * the head's centre, which lies at T.
 */
export function landmarksMm(
  mesh: MeshPoints,
  pose: HeadPose,
  frame: { readonly widthPx: number; readonly heightPx: number },
): LandmarksMm {
  const distance = pose.translationMm.z;
  const mmPerPx = distance / assumedFocalPx(frame);
  return {
    x: ibugAxis(mesh, 0).map((value) => (value - frame.widthPx / 2) * mmPerPx),
    y: ibugAxis(mesh, 1).map((value) => (value - frame.heightPx / 2) * mmPerPx),
    z: ibugAxis(mesh, 2).map((value) => distance + value * mmPerPx),
  };
}
