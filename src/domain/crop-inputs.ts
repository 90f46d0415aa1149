import type { Frame } from './frame.js';
import type { Tensor } from './tensor.js';

/** Values of one crop matrix: row-major 2×3, crop unit coordinates to frame pixels. */
export const MATRIX_VALUES = 6;

/** Inputs of a run-time graph that cuts crops out of a frame. */
export interface CropInputs extends Record<string, Tensor> {
  readonly luma: Tensor;
  readonly matrices: Tensor;
}

/** First and one past the last whole pixel that crops reach along one axis, at least two pixels of the frame. */
function reach(matrices: Float32Array, row: 0 | 1, length: number): readonly [number, number] {
  let first = length;
  let last = 0;
  for (let at = row * 3; at < matrices.length; at += MATRIX_VALUES) {
    const [a, b, c] = [matrices[at]!, matrices[at + 1]!, matrices[at + 2]!];
    first = Math.min(first, c + Math.min(0, a) + Math.min(0, b));
    last = Math.max(last, c + Math.max(0, a) + Math.max(0, b));
  }
  // One pixel more on each side: bilinear samples reach half a pixel beyond.
  const start = Math.max(0, Math.min(length - 2, Math.floor(first) - 1));
  return [start, Math.min(length, Math.max(start + 2, Math.ceil(last) + 1))];
}

/**
 * The rectangle of a frame's luma that some crops need, as a view into the frame, and the crops' matrices relative to it.
 * A lane then copies and converts only that much.
 *
 * @param matrices - 2×3 matrices in frame pixels, one after the other
 */
export function cropInputs(frame: Frame, matrices: Float32Array): CropInputs {
  const [left, right] = reach(matrices, 0, frame.widthPx);
  const [top, bottom] = reach(matrices, 1, frame.heightPx);
  const shifted = Float32Array.from(matrices, (value, index) => {
    const column = index % MATRIX_VALUES;
    return column === 2 ? value - left : column === 5 ? value - top : value;
  });
  return {
    luma: {
      dtype: 'uint8',
      shape: [bottom - top, right - left],
      data: frame.data.subarray(top * frame.widthPx + left, (bottom - 1) * frame.widthPx + right),
      rowStride: frame.widthPx,
    },
    matrices: { dtype: 'float32', shape: [matrices.length / MATRIX_VALUES, 2, 3], data: shifted },
  };
}
