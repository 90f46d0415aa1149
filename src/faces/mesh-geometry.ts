import {
  type Box,
  type Detection,
  type EyeOpenness,
  MESH_POINTS,
  type MeshPoints,
  type Point,
} from '../domain/face.js';
import type { RotatedSquare } from './crop-matrix.js';

/** FaceMesh vertex numbers; right and left are the subject's. */
const RIGHT_EYE_CORNERS = [33, 133] as const;
const LEFT_EYE_CORNERS = [263, 362] as const;
const RIGHT_LIDS = [
  [160, 144],
  [159, 145],
  [158, 153],
] as const;
const LEFT_LIDS = [
  [387, 373],
  [386, 374],
  [385, 380],
] as const;

/** How far the mesh's crop reaches beyond the face (MediaPipe FaceLandmarkLandmarksToRoi: square_long, 1.5). */
const ROI_SCALE = 1.5;

export function meshPoint(mesh: MeshPoints, vertex: number): Point {
  return { x: mesh[vertex * 3]!, y: mesh[vertex * 3 + 1]! };
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** Mesh output in crop unit coordinates [468, 3] to frame pixels; z is scaled by the crop's side. */
export function meshToFrame(landmarks: Float32Array, offset: number, crop: RotatedSquare): MeshPoints {
  const mesh = new Float32Array(MESH_POINTS * 3);
  const c = Math.cos(crop.angle) * crop.sidePx;
  const s = Math.sin(crop.angle) * crop.sidePx;
  for (let index = 0; index < MESH_POINTS * 3; index += 3) {
    const u = landmarks[offset + index]! - 0.5;
    const v = landmarks[offset + index + 1]! - 0.5;
    mesh[index] = crop.centre.x + c * u - s * v;
    mesh[index + 1] = crop.centre.y + s * u + c * v;
    mesh[index + 2] = landmarks[offset + index + 2]! * crop.sidePx;
  }
  return mesh;
}

/** Tight box around the mesh. */
export function meshBox(mesh: MeshPoints): Box<'frame'> {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let index = 0; index < mesh.length; index += 3) {
    const x = mesh[index]!;
    const y = mesh[index + 1]!;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { space: 'frame', left, top, right, bottom };
}

/** Where to look for this face in the next frame: upright with the eyes level, 1.5 times its longer side. */
export function roiFromMesh(mesh: MeshPoints): RotatedSquare {
  const right = meshPoint(mesh, RIGHT_EYE_CORNERS[0]);
  const left = meshPoint(mesh, LEFT_EYE_CORNERS[0]);
  const angle = Math.atan2(left.y - right.y, left.x - right.x);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  let minU = Infinity;
  let maxU = -Infinity;
  let minV = Infinity;
  let maxV = -Infinity;
  for (let index = 0; index < mesh.length; index += 3) {
    const u = c * mesh[index]! + s * mesh[index + 1]!;
    const v = -s * mesh[index]! + c * mesh[index + 1]!;
    if (u < minU) minU = u;
    if (u > maxU) maxU = u;
    if (v < minV) minV = v;
    if (v > maxV) maxV = v;
  }
  const u = (minU + maxU) / 2;
  const v = (minV + maxV) / 2;
  return {
    centre: { x: c * u - s * v, y: s * u + c * v },
    sidePx: ROI_SCALE * Math.max(maxU - minU, maxV - minV),
    angle,
  };
}

function distance3(mesh: MeshPoints, a: number, b: number): number {
  return Math.hypot(
    mesh[a * 3]! - mesh[b * 3]!,
    mesh[a * 3 + 1]! - mesh[b * 3 + 1]!,
    mesh[a * 3 + 2]! - mesh[b * 3 + 2]!,
  );
}

/** Distance between the eye centres in pixels, in three dimensions so that turning the head does not shrink it. */
export function interocularPx(mesh: MeshPoints): number {
  const centre = (vertices: readonly [number, number], axis: number): number =>
    (mesh[vertices[0] * 3 + axis]! + mesh[vertices[1] * 3 + axis]!) / 2;
  return Math.hypot(...[0, 1, 2].map((axis) => centre(LEFT_EYE_CORNERS, axis) - centre(RIGHT_EYE_CORNERS, axis)));
}

/** Lid gap over eye width taken as closed and as normally open. Chosen by eye on real clips, not fitted to labelled data. */
const CLOSED_RATIO = 0.1;
const OPEN_RATIO = 0.3;

function openness(
  mesh: MeshPoints,
  corners: readonly [number, number],
  lids: readonly (readonly [number, number])[],
): number {
  let gap = 0;
  for (const [upper, lower] of lids) gap += distance3(mesh, upper, lower) / lids.length;
  const width = distance3(mesh, corners[0], corners[1]);
  return width > 0 ? Math.max(0, (gap / width - CLOSED_RATIO) / (OPEN_RATIO - CLOSED_RATIO)) : 0;
}

/** Opening of each eye: 0 closed, about 1 open, more when wide. Mean of three lid gaps over the eye's width, in 3-D. */
export function eyeOpenness(mesh: MeshPoints): EyeOpenness {
  return {
    left: openness(mesh, LEFT_EYE_CORNERS, LEFT_LIDS),
    right: openness(mesh, RIGHT_EYE_CORNERS, RIGHT_LIDS),
  };
}

/** Where the mesh should look for a detected face. */
export const cropOf = ({ box, keypoints }: Detection): RotatedSquare =>
  roiFromKeypoints(box, keypoints.rightEye, keypoints.leftEye);

/** Where the mesh should look for a face that was just detected (MediaPipe FaceDetectionFrontDetectionToRoi). */
export function roiFromKeypoints(box: Box<'frame'>, rightEye: Point, leftEye: Point): RotatedSquare {
  return {
    centre: middle({ x: box.left, y: box.top }, { x: box.right, y: box.bottom }),
    sidePx: ROI_SCALE * Math.max(box.right - box.left, box.bottom - box.top),
    angle: Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x),
  };
}
