import type { OnnxBuilder } from './onnx-builder.js';

/** How crops are cut out of a frame's luma plane inside the graph. */
export interface SamplerOptions {
  /** Side of the crop the network takes, pixels; its width where it is no square. */
  readonly sizePx: number;
  /** @default sizePx */
  readonly heightPx?: number;
  /** Samples per crop pixel and axis, averaged. 1 aliases when a large face is shrunk; cost grows with its square. */
  readonly oversampling: number;
  /** What lies outside the frame: black, or its border repeated. */
  readonly outside: 'zeros' | 'border';
}

/** Limited-range luma of black, and the range up to white (ITU-R BT.601, BT.709). */
const BLACK = 16;
const RANGE = 219;

/**
 * Adds inputs `luma` uint8 [height, width] (limited range) and `matrices` float32 [faces, 2, 3] (crop unit coordinates
 * to continuous frame pixels), and returns the crops: float32 [faces, 1, height, width], full range 0..255, bilinear.
 * All faces are cut out by one GridSample over one copy of the frame.
 */
export function addSampler(builder: OnnxBuilder, options: SamplerOptions): string {
  const luma = builder.input('luma', 'uint8', ['height', 'width']);
  const matrices = builder.input('matrices', 'float32', ['faces', 2, 3]);
  const width = options.sizePx * options.oversampling;
  const height = (options.heightPx ?? options.sizePx) * options.oversampling;

  const base = new Float32Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      base[at] = (column + 0.5) / width;
      base[width * height + at] = (row + 0.5) / height;
      base[2 * width * height + at] = 1;
    }
  }
  // [faces, 2, 3] × [3, points] = frame pixels [faces, 2, points]; then to GridSample's -1..1 over the frame.
  const pixels = builder.node('MatMul', [matrices, builder.floats(base, [3, width * height])]);
  const shape = builder.node('Cast', [builder.node('Shape', [luma])], { to: 1 });
  const sizeXy = builder.node('Gather', [shape, builder.ints([1, 0])]);
  const scale = builder.node('Reshape', [
    builder.node('Div', [builder.floats([2], [1]), sizeXy]),
    builder.ints([1, 2, 1]),
  ]);
  const unit = builder.node('Sub', [builder.node('Mul', [pixels, scale]), builder.floats([1], [1])]);
  const points = builder.node('Transpose', [unit], { perm: [0, 2, 1] });
  const grid = builder.node('Reshape', [points, builder.ints([1, -1, width, 2])]);

  const plane = builder.node('Unsqueeze', [luma, builder.ints([0, 1])]);
  const image = builder.node('Cast', [plane], { to: 1 });
  const sampled = builder.node('GridSample', [image, grid], {
    mode: 'bilinear',
    padding_mode: options.outside,
    align_corners: 0,
  });
  let crops = builder.node('Reshape', [sampled, builder.ints([-1, 1, height, width])]);
  if (options.oversampling > 1) {
    const k = options.oversampling;
    crops = builder.node('AveragePool', [crops], { kernel_shape: [k, k], strides: [k, k] });
  }
  const expanded = builder.node('Mul', [
    builder.node('Sub', [crops, builder.floats([BLACK], [1])]),
    builder.floats([255 / RANGE], [1]),
  ]);
  return builder.node('Clip', [expanded, builder.floats([0], []), builder.floats([255], [])]);
}
