import { MESH_POINTS } from '../../src/domain/face.js';
import type { Frame } from '../../src/domain/frame.js';
import type { RunModel } from '../../src/domain/tensor.js';
import { micros } from '../../src/domain/units.js';
import { anchorCentres, FULL_RANGE } from '../../src/faces/decode-detections.js';
import { fakeEyes } from './fake-eyes.js';

/** A face of the fake world: where it is in one frame (pixels), and how well the models would see it. */
export interface FakeFace {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  /** Detector score; 0 when the detector misses it. */
  readonly score?: number;
  /** Score of the detector with the margin, where there are two; by default that of the other. */
  readonly nearScore?: number;
  /** Side of the smallest view that the detector sees it in; 0 for any. */
  readonly seenFromPx?: number;
  /** Who it is: faces of another person have another pattern. */
  readonly person?: number;
  /** Mesh presence; low when the mesh loses it. */
  readonly presence?: number;
  /** Where the nose is between the ears, in sides of the face right of its middle; beyond 0.5 it is seen from the side. */
  readonly noseX?: number;
}

const logit = (p: number): number => Math.log(p / (1 - p));

/** A fixed, face-like, asymmetric cloud of 468 points in units of the face's side, centre 0; eyes level. */
export function cloud(): Float32Array {
  const points = new Float32Array(MESH_POINTS * 3);
  for (let i = 0; i < MESH_POINTS; i++) {
    const angle = i * 2.399963;
    const radius = 0.5 * Math.sqrt((i + 0.5) / MESH_POINTS);
    points[i * 3] = radius * Math.cos(angle);
    points[i * 3 + 1] = radius * Math.sin(angle);
    points[i * 3 + 2] = -0.3 * Math.cos(Math.PI * radius);
  }
  const place = (vertex: number, x: number, y: number): void => {
    points[vertex * 3] = x;
    points[vertex * 3 + 1] = y;
    points[vertex * 3 + 2] = -0.2;
  };
  place(33, -0.28, -0.15);
  place(133, -0.12, -0.15);
  place(362, 0.12, -0.15);
  place(263, 0.28, -0.15);
  place(61, -0.15, 0.25);
  place(291, 0.15, 0.25);
  place(2, 0, 0.08);
  place(175, 0, 0.48);
  return points;
}

/** The canonical face of the fake world: the cloud itself, in centimetres, y up and z towards the camera. */
export function cloudFace() {
  const vertices = cloud().map((value, index) => (index % 3 === 0 ? value * 16 : -value * 16));
  return { vertices, weights: new Float32Array(MESH_POINTS).fill(1) };
}

/** Waves over the face's square, which lie across each other for different persons. */
function paint(data: Uint8Array, size: { widthPx: number; heightPx: number }, face: FakeFace): void {
  const turn = 1.1 * (face.person ?? 0);
  for (let v = -0.6; v <= 0.6; v += 1 / face.side) {
    for (let u = -0.6; u <= 0.6; u += 1 / face.side) {
      const [x, y] = [Math.round(face.x + u * face.side), Math.round(face.y + v * face.side)];
      if (x < 0 || y < 0 || x >= size.widthPx || y >= size.heightPx) continue;
      // The mouth is a dark line, as in every face.
      const mouth = Math.abs(v - 0.25) < 0.04 && Math.abs(u) < 0.2;
      const skin = 120 + 60 * Math.sin(9 * (u * Math.cos(turn) + v * Math.sin(turn)));
      data[y * size.widthPx + x] = mouth ? 40 : skin;
    }
  }
}

/** Answers as detector and mesh would for the faces of the current frame, and counts the runs. */
export class FakeWorld {
  faces: readonly FakeFace[] = [];
  readonly runs = { detector: 0, mesh: 0 };
  readonly #anchors = anchorCentres(FULL_RANGE);
  readonly #cloud = cloud();

  /** A frame of stripes; another level is another scene, with stripes that run another way. */
  frame(index: number, faces: readonly FakeFace[], level = 100, size = { widthPx: 512, heightPx: 384 }): Frame {
    this.faces = faces;
    const { widthPx, heightPx } = size;
    const data = new Uint8Array(new SharedArrayBuffer((widthPx * heightPx * 3) / 2)).fill(128);
    for (let at = 0; at < widthPx * heightPx; at++) {
      const along = level < 100 ? at % widthPx : Math.floor(at / widthPx);
      data[at] = level + (Math.floor(along / 48) % 2) * 30;
    }
    for (const face of faces) paint(data, { widthPx, heightPx }, face);
    return { index, ptsUs: micros(index * 40_000), widthPx, heightPx, data };
  }

  runModel: RunModel = async (modelId, inputs) => {
    const matrices = Float32Array.from(inputs.matrices!.data);
    const crops = matrices.length / 6;
    if (modelId === 'eye-mesh') return fakeEyes(inputs.landmarks!.data as Float32Array);
    return modelId === 'face-mesh' ? this.#mesh(matrices, crops) : this.#detect(modelId, matrices, crops);
  };

  #detect(modelId: string, matrices: Float32Array, crops: number) {
    this.runs.detector += 1;
    const anchors = this.#anchors.length / 2;
    const boxes = new Float32Array(crops * anchors * 16);
    const scores = new Float32Array(crops * anchors).fill(-20);
    for (let crop = 0; crop < crops; crop++) {
      const [side, , left, , , top] = matrices.subarray(crop * 6) as unknown as number[];
      for (const face of this.faces) {
        const own = face.score ?? 0.9;
        const score = modelId === FULL_RANGE.modelId ? own : (face.nearScore ?? own);
        const u = (face.x - left!) / side!;
        const v = (face.y - top!) / side!;
        if (u <= 0 || u >= 1 || v <= 0 || v >= 1 || !score || side! < (face.seenFromPx ?? 0)) continue;
        const anchor = Math.floor(v * 48) * 48 + Math.floor(u * 48);
        const dx = (u - this.#anchors[anchor * 2]!) * 192;
        const dy = (v - this.#anchors[anchor * 2 + 1]!) * 192;
        const size = (face.side / side!) * 192;
        scores[crop * anchors + anchor] = logit(score);
        const keypoints = [-0.2, -0.15, 0.2, -0.15, face.noseX ?? 0, 0, 0, 0.25, -0.5, 0, 0.5, 0];
        boxes.set(
          [dx, dy, size, size, ...keypoints.map((value, index) => (index % 2 ? dy : dx) + value * size)],
          (crop * anchors + anchor) * 16,
        );
      }
    }
    return {
      boxes: { dtype: 'float32' as const, shape: [crops, anchors, 16], data: boxes },
      scores: { dtype: 'float32' as const, shape: [crops, anchors], data: scores },
    };
  }

  #mesh(matrices: Float32Array, crops: number) {
    this.runs.mesh += 1;
    const landmarks = new Float32Array(crops * MESH_POINTS * 3);
    const presence = new Float32Array(crops).fill(logit(0.01));
    for (let crop = 0; crop < crops; crop++) {
      const m = matrices.subarray(crop * 6, crop * 6 + 6);
      const side = Math.hypot(m[0]!, m[3]!);
      const cx = (m[0]! + m[1]!) / 2 + m[2]!;
      const cy = (m[3]! + m[4]!) / 2 + m[5]!;
      const face = [...this.faces].sort((a, b) => Math.hypot(a.x - cx, a.y - cy) - Math.hypot(b.x - cx, b.y - cy))[0];
      if (!face || Math.hypot(face.x - cx, face.y - cy) > 0.4 * side) continue;
      presence[crop] = logit(face.presence ?? 0.98);
      for (let i = 0; i < MESH_POINTS; i++) {
        const at = (crop * MESH_POINTS + i) * 3;
        const dx = face.x + this.#cloud[i * 3]! * face.side - m[2]!;
        const dy = face.y + this.#cloud[i * 3 + 1]! * face.side - m[5]!;
        landmarks[at] = (m[0]! * dx + m[3]! * dy) / (side * side);
        landmarks[at + 1] = (m[1]! * dx + m[4]! * dy) / (side * side);
        landmarks[at + 2] = (this.#cloud[i * 3 + 2]! * face.side) / side;
      }
    }
    return {
      landmarks: { dtype: 'float32' as const, shape: [crops, MESH_POINTS, 3], data: landmarks },
      presence: { dtype: 'float32' as const, shape: [crops], data: presence },
    };
  }
}
