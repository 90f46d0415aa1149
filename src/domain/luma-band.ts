import type { Frame } from './frame.js';
import type { Tensor } from './tensor.js';

/** Values of one crop matrix: row-major 2×3, crop unit coordinates to frame pixels. */
export const MATRIX_VALUES = 6;

/** Inputs of a run-time graph that cuts crops out of a frame. */
export interface CropInputs extends Record<string, Tensor> {
  readonly luma: Tensor;
  readonly matrices: Tensor;
}

/**
 * The rows of a frame's luma that some crops need, sharing the frame's memory, and the crops' matrices relative to
 * them. Rows are contiguous, so a band costs nothing, and a lane then copies and converts only that much.
 *
 * @param matrices - 2×3 matrices in frame pixels, one after the other; replaced by ones in band pixels
 */
export function cropInputs(frame: Frame, matrices: Float32Array): CropInputs {
  const crops = matrices.length / MATRIX_VALUES;
  let first = frame.heightPx;
  let last = 0;
  for (let crop = 0; crop < crops; crop++) {
    const [a, b, c] = [matrices[crop * 6 + 3]!, matrices[crop * 6 + 4]!, matrices[crop * 6 + 5]!];
    first = Math.min(first, c + Math.min(0, a) + Math.min(0, b));
    last = Math.max(last, c + Math.max(0, a) + Math.max(0, b));
  }
  // One row more on each side: bilinear samples reach half a pixel beyond.
  const top = Math.max(0, Math.min(frame.heightPx - 2, Math.floor(first) - 1));
  const bottom = Math.min(frame.heightPx, Math.max(top + 2, Math.ceil(last) + 1));
  const shifted = Float32Array.from(matrices, (value, index) => (index % MATRIX_VALUES === 5 ? value - top : value));
  return {
    luma: {
      dtype: 'uint8',
      shape: [bottom - top, frame.widthPx],
      data: frame.data.subarray(top * frame.widthPx, bottom * frame.widthPx),
    },
    matrices: { dtype: 'float32', shape: [crops, 2, 3], data: shifted },
  };
}
