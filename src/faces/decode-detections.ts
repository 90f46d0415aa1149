import type { Detection, FaceKeypoints, Point } from '../domain/face.js';
import { probability } from '../domain/units.js';
import { cropToFrame, type RotatedSquare } from './crop-matrix.js';

/** Geometry of one BlazeFace variant (MediaPipe face detection graphs, Apache-2.0: SsdAnchorsCalculator options). */
export interface DetectorGeometry {
  readonly modelId: string;
  readonly inputSizePx: number;
  /** Anchor layers: one grid of `inputSizePx / stride` cells a side with that many anchors a cell. */
  readonly layers: readonly { readonly stride: number; readonly anchorsPerCell: number }[];
  /** Score at which MediaPipe's own graph reports a face. */
  readonly minScore: number;
  /** Side of the view that shows it faces which fill the frame, in sides of the letterboxed frame: it learnt faces with something around them. */
  readonly marginSides: number;
  /** Side of the view that shows it one place, in sides of the mesh's crop there. */
  readonly placeSides: number;
}

export const FULL_RANGE: DetectorGeometry = {
  modelId: 'blazeface-full-range',
  inputSizePx: 192,
  layers: [{ stride: 4, anchorsPerCell: 1 }],
  minScore: 0.6,
  marginSides: 2.5,
  placeSides: 2.5,
};

export const SHORT_RANGE: DetectorGeometry = {
  modelId: 'blazeface-short-range',
  inputSizePx: 128,
  layers: [
    { stride: 8, anchorsPerCell: 2 },
    { stride: 16, anchorsPerCell: 6 },
  ],
  minScore: 0.5,
  marginSides: 1.75,
  placeSides: 1.25,
};

/** Values per anchor: box centre and size, then six keypoints. */
const VALUES = 16;
const KEYPOINTS = 6;

/** Anchor centres in crop unit coordinates, interleaved x, y, in the order of the network's outputs. */
export function anchorCentres(geometry: DetectorGeometry): Float32Array {
  const centres: number[] = [];
  for (const { stride, anchorsPerCell } of geometry.layers) {
    const cells = Math.ceil(geometry.inputSizePx / stride);
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        for (let n = 0; n < anchorsPerCell; n++) centres.push((column + 0.5) / cells, (row + 0.5) / cells);
      }
    }
  }
  return Float32Array.from(centres);
}

/** The two heads of one crop: `boxes` [anchors, 16] in input pixels relative to the anchor, `scores` [anchors] logits. */
export interface DetectorHeads {
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
}

/**
 * Detections of one crop in frame pixels, unsuppressed, with score at least `minScore`.
 * Anchors are of unit size (fixed_anchor_size), so offsets are scaled by the input size alone.
 */
export function decodeDetections(
  heads: DetectorHeads,
  geometry: DetectorGeometry,
  anchors: Float32Array,
  crop: RotatedSquare,
  minScore: number,
): Detection[] {
  const minLogit = Math.log(minScore / (1 - minScore));
  const detections: Detection[] = [];
  const scale = 1 / geometry.inputSizePx;
  for (let anchor = 0; anchor < heads.scores.length; anchor++) {
    const logit = heads.scores[anchor]!;
    if (!(logit >= minLogit)) continue;
    const base = anchor * VALUES;
    const ax = anchors[anchor * 2]!;
    const ay = anchors[anchor * 2 + 1]!;
    const at = (value: number): Point =>
      cropToFrame(crop, ax + heads.boxes[base + value]! * scale, ay + heads.boxes[base + value + 1]! * scale);
    const centre = at(0);
    const halfWidth = (heads.boxes[base + 2]! * scale * crop.sidePx) / 2;
    const halfHeight = (heads.boxes[base + 3]! * scale * crop.sidePx) / 2;
    if (!(halfWidth > 0 && halfHeight > 0)) continue;
    const points = Array.from({ length: KEYPOINTS }, (_, index) => at(4 + 2 * index));
    const [rightEye, leftEye, nose, mouth, rightEar, leftEar] = points as [Point, Point, Point, Point, Point, Point];
    const keypoints: FaceKeypoints = { rightEye, leftEye, nose, mouth, rightEar, leftEar };
    detections.push({
      box: {
        space: 'frame',
        left: centre.x - halfWidth,
        top: centre.y - halfHeight,
        right: centre.x + halfWidth,
        bottom: centre.y + halfHeight,
      },
      keypoints,
      score: probability(1 / (1 + Math.exp(-Math.min(100, logit)))),
    });
  }
  return detections;
}
