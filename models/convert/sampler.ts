import { CROP_INPUTS, type Outside } from '../../src/models/cut-crops.js';
import type { OnnxBuilder } from './onnx-builder.js';

/** How crops are cut out of a frame's luma plane. */
export interface SamplerOptions {
  /** Side of the crop the network takes, pixels; its width where it is no square. */
  readonly sizePx: number;
  /** @default sizePx */
  readonly heightPx?: number;
  /** Samples per crop pixel and axis, averaged. 1 aliases when a large face is shrunk; cost grows with its square. */
  readonly oversampling: number;
  /** What lies outside the frame. */
  readonly outside: Outside;
}

/**
 * Adds the input that crops go to, which whoever runs the graph cuts out (src/models/cut-crops.ts: its name and size say how),
 * and returns the crops: float32 [faces, 1, height, width], full range 0..255.
 */
export function addSampler(builder: OnnxBuilder, options: SamplerOptions): string {
  const { sizePx, heightPx = sizePx, oversampling: times, outside } = options;
  const samples = builder.input(CROP_INPUTS[outside], 'float32', ['faces', 1, heightPx * times, sizePx * times]);
  const crops =
    times === 1
      ? samples
      : builder.node('AveragePool', [samples], { kernel_shape: [times, times], strides: [times, times] });
  return builder.node('Clip', [crops, builder.floats([0], []), builder.floats([255], [])]);
}
