import { MATRIX_VALUES } from '../domain/crop-inputs.js';
import type { Box, Point } from '../domain/face.js';

/** A square region of the frame, turned clockwise by `angle` (radians; y points down). */
export interface RotatedSquare {
  readonly centre: Point;
  readonly sidePx: number;
  readonly angle: number;
}

/**
 * Writes the row-major 2×3 matrix that maps crop unit coordinates (u, v in 0..1) to continuous frame pixels
 * (pixel centres at +0.5) at `offset`.
 */
export function writeCropMatrix(target: Float32Array, offset: number, square: RotatedSquare): void {
  const c = Math.cos(square.angle) * square.sidePx;
  const s = Math.sin(square.angle) * square.sidePx;
  target[offset] = c;
  target[offset + 1] = -s;
  target[offset + 2] = square.centre.x - (c - s) / 2;
  target[offset + 3] = s;
  target[offset + 4] = c;
  target[offset + 5] = square.centre.y - (s + c) / 2;
}

/** Row-major 2×3 matrices of several squares, as a model's `matrices` input. */
export function cropMatrices(squares: readonly RotatedSquare[]): Float32Array {
  const matrices = new Float32Array(squares.length * MATRIX_VALUES);
  for (const [index, square] of squares.entries()) writeCropMatrix(matrices, index * MATRIX_VALUES, square);
  return matrices;
}

/** The frame point that crop unit coordinates (u, v) fall on. */
export function cropToFrame(square: RotatedSquare, u: number, v: number): Point {
  const c = Math.cos(square.angle) * square.sidePx;
  const s = Math.sin(square.angle) * square.sidePx;
  return {
    x: square.centre.x + c * (u - 0.5) - s * (v - 0.5),
    y: square.centre.y + s * (u - 0.5) + c * (v - 0.5),
  };
}

export function boxWidth(box: Box<'frame'>): number {
  return box.right - box.left;
}

export function boxHeight(box: Box<'frame'>): number {
  return box.bottom - box.top;
}

export function boxCentre(box: Box<'frame'>): Point {
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
}

/** Square pixels; 0 of a box without width or height. */
export function boxArea(box: Box<'frame'>): number {
  return Math.max(0, boxWidth(box)) * Math.max(0, boxHeight(box));
}

function intersectionArea(a: Box<'frame'>, b: Box<'frame'>): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0..1. */
export function overlap(a: Box<'frame'>, b: Box<'frame'>): number {
  const shared = intersectionArea(a, b);
  const union = boxArea(a) + boxArea(b) - shared;
  return union > 0 ? shared / union : 0;
}

/** Share of the smaller box that the other covers, 0..1. */
export function containment(a: Box<'frame'>, b: Box<'frame'>): number {
  const smaller = Math.min(boxArea(a), boxArea(b));
  return smaller > 0 ? intersectionArea(a, b) / smaller : 0;
}

/** Share of the box that lies inside a frame of that size, 0..1. */
export function shareInside(box: Box<'frame'>, frame: { widthPx: number; heightPx: number }): number {
  const whole: Box<'frame'> = { space: 'frame', left: 0, top: 0, right: frame.widthPx, bottom: frame.heightPx };
  const total = boxArea(box);
  return total > 0 ? Math.min(1, intersectionArea(box, whole) / total) : 0;
}
