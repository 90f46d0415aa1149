import type { Conversion, Value } from './conversion.js';
import type { TfliteOperator } from './tflite.js';

/** TFLite's SAME padding: what is missing is split, the odd pixel goes last. Returned before, after. */
export function samePadding(length: number, kernel: number, stride: number): readonly [number, number] {
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + kernel - length, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Attributes of an operator that looks through a window: TFLite's padding 0 is SAME, 1 is VALID. */
export function windowOf(
  from: Pick<Value, 'shape'>,
  padding: number,
  kernel: readonly [number, number],
  strides: readonly [number, number],
): { pads: number[]; strides: number[]; kernel_shape: number[] } {
  const vertical = padding === 0 ? samePadding(from.shape[1]!, kernel[0], strides[0]) : ([0, 0] as const);
  const horizontal = padding === 0 ? samePadding(from.shape[2]!, kernel[1], strides[1]) : ([0, 0] as const);
  return {
    pads: [vertical[0], horizontal[0], vertical[1], horizontal[1]],
    strides: [...strides],
    kernel_shape: [...kernel],
  };
}

/** CONV_2D. A gray image's one channel takes the sum of the weights over the channels the network expects. */
export function convolve(graph: Conversion, operator: TfliteOperator): void {
  const { builder } = graph;
  const from = graph.value(operator.inputs[0]!);
  const [out, height, width, inputs] = graph.shapeOf(operator.inputs[1]!) as [number, number, number, number];
  const weights = graph.constant(operator.inputs[1]!);
  const channels = from.shape[3]!;
  const turned = new Float32Array(out * channels * height * width);
  for (let o = 0; o < out; o++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let i = 0; i < inputs; i++) {
          // `channels` is 1 for the gray image: its weights add up.
          turned[((o * channels + (i % channels)) * height + y) * width + x]! +=
            weights[((o * height + y) * width + x) * inputs + i]!;
        }
      }
    }
  }
  const { options } = operator;
  const inputsOf = [from.name, builder.floats(turned, [out, channels, height, width])];
  if (operator.inputs[2] !== undefined && operator.inputs[2] >= 0) {
    inputsOf.push(builder.floats(graph.constant(operator.inputs[2]), [out]));
  }
  const attributes = windowOf(from, options.int8(0), [height, width], [options.int32(2, 1), options.int32(1, 1)]);
  graph.define(operator, builder.node('Conv', inputsOf, attributes), options.int8(3));
}

/** DEPTHWISE_CONV_2D. */
export function convolveDepthwise(graph: Conversion, operator: TfliteOperator): void {
  const { builder } = graph;
  const from = graph.value(operator.inputs[0]!);
  const [, height, width, out] = graph.shapeOf(operator.inputs[1]!) as [number, number, number, number];
  const weights = graph.constant(operator.inputs[1]!);
  const turned = new Float32Array(out * height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let o = 0; o < out; o++) turned[(o * height + y) * width + x] = weights[(y * width + x) * out + o]!;
    }
  }
  const { options } = operator;
  const attributes = {
    ...windowOf(from, options.int8(0), [height, width], [options.int32(2, 1), options.int32(1, 1)]),
    group: from.shape[3]!,
  };
  const inputsOf = [from.name, builder.floats(turned, [out, 1, height, width])];
  if (operator.inputs[2] !== undefined && operator.inputs[2] >= 0) {
    inputsOf.push(builder.floats(graph.constant(operator.inputs[2]), [out]));
  }
  graph.define(operator, builder.node('Conv', inputsOf, attributes), options.int8(4));
}

/** PAD. */
export function padZeros(graph: Conversion, operator: TfliteOperator): void {
  const { builder } = graph;
  const from = graph.value(operator.inputs[0]!);
  // Before and after of each axis: batch, rows, columns, channels.
  const [, , top = 0, bottom = 0, left = 0, right = 0, before = 0, after = 0] = graph.integers(operator.inputs[1]!);
  if (top + bottom + left + right + before === 0) {
    // More channels, all zero: a convolution with the identity stays in the blocked layout, Pad would leave it.
    const channels = from.shape[3]!;
    const identity = new Float32Array((channels + after) * channels);
    for (let c = 0; c < channels; c++) identity[c * channels + c] = 1;
    const weights = builder.floats(identity, [channels + after, channels, 1, 1]);
    graph.define(operator, builder.node('Conv', [from.name, weights], { kernel_shape: [1, 1] }));
    return;
  }
  graph.define(
    operator,
    builder.node('Pad', [from.name, builder.ints([0, before, top, left, 0, after, bottom, right])]),
  );
}
