import type { Frame } from './frame.js';
import type { Tensor } from './tensor.js';

/** Values of one crop matrix: row-major 2×3, crop unit coordinates to frame pixels. */
export const MATRIX_VALUES = 6;

/** What a lane is given to cut crops out of a frame for a run-time graph. */
export interface CropInputs extends Record<string, Tensor> {
  readonly luma: Tensor;
  readonly matrices: Tensor;
}

/**
 * A frame's luma, in shared memory and not copied, with the crops' matrices.
 *
 * @param matrices - 2×3 matrices in frame pixels, one after the other; copied, as a view would take all it is part of along
 */
export function cropInputs({ widthPx, heightPx, data }: Frame, matrices: Float32Array): CropInputs {
  return {
    luma: { dtype: 'uint8', shape: [heightPx, widthPx], data: data.subarray(0, widthPx * heightPx) },
    matrices: { dtype: 'float32', shape: [matrices.length / MATRIX_VALUES, 2, 3], data: matrices.slice() },
  };
}
