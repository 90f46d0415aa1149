import type { OnnxBuilder } from './onnx-builder.js';
import { constantFloats, constantInts, TFLITE_OP, type TfliteModel, type TfliteOperator } from './tflite.js';

/** A value of the network on its way to ONNX: its name, and the TFLite shape (channels last) it stands for. */
interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  /** Rank-4 values are kept channels first; others as they are. */
  readonly channelsFirst: boolean;
}

const OP_NAMES = new Map(Object.entries(TFLITE_OP).map(([name, code]) => [code as number, name]));
const ACTIVATIONS: Readonly<Record<number, string>> = { 0: '', 1: 'Relu' };

/** TFLite's SAME padding: what is missing is split, the odd pixel goes last. Returned before, after. */
export function samePadding(length: number, kernel: number, stride: number): readonly [number, number] {
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + kernel - length, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/**
 * PReLU by operators that ONNX Runtime keeps in its blocked layout: x + relu((a - 1) x), one slope per channel, where
 * no slope exceeds 1, else a x + (1 - a) relu(x). ONNX's own PRelu leaves the layout twice and took more than half of
 * FaceMesh's time (docs/decisions/0002-prelu.md).
 */
export function addPRelu(builder: OnnxBuilder, from: string, slopes: Float32Array): string {
  const scale = (input: string, factors: Float32Array): string =>
    builder.node('Conv', [input, builder.floats(factors, [factors.length, 1, 1, 1])], {
      kernel_shape: [1, 1],
      group: factors.length,
    });
  if (slopes.every((slope) => slope <= 1)) {
    const bend = builder.node('Relu', [
      scale(
        from,
        slopes.map((slope) => slope - 1),
      ),
    ]);
    return builder.node('Add', [from, bend]);
  }
  const positive = scale(
    builder.node('Relu', [from]),
    slopes.map((slope) => 1 - slope),
  );
  return builder.node('Add', [positive, scale(from, slopes)]);
}

/**
 * Adds a TFLite network to an ONNX graph, channels first, and returns its outputs' values in order, channels first
 * where they are of rank 4.
 * The network must take one image of three channels; it is fed a gray one: the first convolution's weights are
 * summed over its input channels, which gives the numbers that R = G = B would.
 *
 * @param image - value of shape [n, 1, height, width], normalised as the network expects
 * Throws RangeError on an operator outside the set in TFLITE_OP.
 */
export function convertTflite(model: TfliteModel, builder: OnnxBuilder, image: string): string[] {
  const values = new Map<number, Value>();
  const constants = new Map<number, Float32Array>();
  const input = model.inputs[0]!;
  values.set(input, { name: image, shape: [...model.tensors[input]!.shape.slice(0, 3), 1], channelsFirst: true });

  const value = (index: number): Value => {
    const found = values.get(index);
    if (!found) throw new RangeError(`tensor ${model.tensors[index]?.name} is used before it is computed`);
    return found;
  };
  const constant = (index: number): Float32Array => constants.get(index) ?? constantFloats(model.tensors[index]!);
  const shapeOf = (index: number): readonly number[] => model.tensors[index]!.shape;
  const define = (operator: TfliteOperator, name: string, activation = 0): void => {
    const index = operator.outputs[0]!;
    const fused = ACTIVATIONS[activation];
    if (fused === undefined) throw new RangeError(`fused activation ${activation} is not supported`);
    values.set(index, {
      name: fused ? builder.node(fused, [name]) : name,
      shape: shapeOf(index),
      channelsFirst: shapeOf(index).length === 4,
    });
  };

  const window = (
    from: Value,
    padding: number,
    kernel: readonly [number, number],
    strides: readonly [number, number],
  ): { pads: number[]; strides: number[]; kernel_shape: number[] } => {
    const vertical = padding === 0 ? samePadding(from.shape[1]!, kernel[0], strides[0]) : ([0, 0] as const);
    const horizontal = padding === 0 ? samePadding(from.shape[2]!, kernel[1], strides[1]) : ([0, 0] as const);
    return {
      pads: [vertical[0], horizontal[0], vertical[1], horizontal[1]],
      strides: [...strides],
      kernel_shape: [...kernel],
    };
  };

  const convolve = (operator: TfliteOperator): void => {
    const from = value(operator.inputs[0]!);
    const [out, height, width, inputs] = shapeOf(operator.inputs[1]!) as [number, number, number, number];
    const weights = constant(operator.inputs[1]!);
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
      inputsOf.push(builder.floats(constant(operator.inputs[2]), [out]));
    }
    const attributes = window(from, options.int8(0), [height, width], [options.int32(2, 1), options.int32(1, 1)]);
    define(operator, builder.node('Conv', inputsOf, attributes), options.int8(3));
  };

  const convolveDepthwise = (operator: TfliteOperator): void => {
    const from = value(operator.inputs[0]!);
    const [, height, width, out] = shapeOf(operator.inputs[1]!) as [number, number, number, number];
    const weights = constant(operator.inputs[1]!);
    const turned = new Float32Array(out * height * width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let o = 0; o < out; o++) turned[(o * height + y) * width + x] = weights[(y * width + x) * out + o]!;
      }
    }
    const { options } = operator;
    const attributes = {
      ...window(from, options.int8(0), [height, width], [options.int32(2, 1), options.int32(1, 1)]),
      group: from.shape[3]!,
    };
    const inputsOf = [from.name, builder.floats(turned, [out, 1, height, width])];
    if (operator.inputs[2] !== undefined && operator.inputs[2] >= 0) {
      inputsOf.push(builder.floats(constant(operator.inputs[2]), [out]));
    }
    define(operator, builder.node('Conv', inputsOf, attributes), options.int8(4));
  };

  const pad = (operator: TfliteOperator): void => {
    const from = value(operator.inputs[0]!);
    const p = constantInts(model.tensors[operator.inputs[1]!]!);
    const [, , top, bottom, left, right, before, after] = p as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    if (top + bottom + left + right + before === 0) {
      // More channels, all zero: a convolution with the identity stays in the blocked layout, Pad would leave it.
      const channels = from.shape[3]!;
      const identity = new Float32Array((channels + after) * channels);
      for (let c = 0; c < channels; c++) identity[c * channels + c] = 1;
      const weights = builder.floats(identity, [channels + after, channels, 1, 1]);
      define(operator, builder.node('Conv', [from.name, weights], { kernel_shape: [1, 1] }));
      return;
    }
    define(operator, builder.node('Pad', [from.name, builder.ints([0, before, top, left, 0, after, bottom, right])]));
  };

  /** Back to channels last, for operators that mix axes. */
  const channelsLast = (from: Value): string =>
    from.channelsFirst ? builder.node('Transpose', [from.name], { perm: [0, 2, 3, 1] }) : from.name;

  const convert: Readonly<Record<number, (operator: TfliteOperator) => void>> = {
    [TFLITE_OP.DEQUANTIZE]: ({ inputs, outputs }) =>
      constants.set(outputs[0]!, constantFloats(model.tensors[inputs[0]!]!)),
    [TFLITE_OP.CONV_2D]: convolve,
    [TFLITE_OP.DEPTHWISE_CONV_2D]: convolveDepthwise,
    [TFLITE_OP.PAD]: pad,
    [TFLITE_OP.ADD]: (operator) =>
      define(
        operator,
        builder.node(
          'Add',
          operator.inputs.map((index) => value(index).name),
        ),
        operator.options.int8(0),
      ),
    [TFLITE_OP.RELU]: (operator) => define(operator, builder.node('Relu', [value(operator.inputs[0]!).name])),
    [TFLITE_OP.PRELU]: (operator) => {
      const from = value(operator.inputs[0]!);
      define(operator, addPRelu(builder, from.name, constant(operator.inputs[1]!)));
    },
    [TFLITE_OP.MAX_POOL_2D]: (operator) => {
      const { options } = operator;
      const from = value(operator.inputs[0]!);
      const kernel = [options.int32(4, 1), options.int32(3, 1)] as const;
      const attributes = window(from, options.int8(0), kernel, [options.int32(2, 1), options.int32(1, 1)]);
      define(operator, builder.node('MaxPool', [from.name], attributes), options.int8(5));
    },
    [TFLITE_OP.RESIZE_BILINEAR]: (operator) => {
      const from = value(operator.inputs[0]!);
      const [, height, width] = shapeOf(operator.outputs[0]!);
      const mode = operator.options.int8(2) ? 'align_corners' : operator.options.int8(3) ? 'half_pixel' : 'asymmetric';
      const scales = builder.floats([1, 1, height! / from.shape[1]!, width! / from.shape[2]!], [4]);
      define(
        operator,
        builder.node('Resize', [from.name, '', scales], { mode: 'linear', coordinate_transformation_mode: mode }),
      );
    },
    [TFLITE_OP.RESHAPE]: (operator) => {
      const shape = shapeOf(operator.outputs[0]!);
      if (shape.length === 4) throw new RangeError('reshaping to an image is not supported');
      const flat = channelsLast(value(operator.inputs[0]!));
      // The first axis is the batch, which we keep open.
      define(operator, builder.node('Reshape', [flat, builder.ints([0, ...shape.slice(1)])]));
    },
    [TFLITE_OP.CONCATENATION]: (operator) => {
      const parts = operator.inputs.map(value);
      const axis = operator.options.int32(0);
      const at = parts[0]!.channelsFirst ? [0, 2, 3, 1][axis]! : axis;
      define(
        operator,
        builder.node(
          'Concat',
          parts.map((part) => part.name),
          { axis: at },
        ),
        operator.options.int8(1),
      );
    },
  };

  for (const operator of model.operators) {
    const handler = convert[operator.code];
    if (!handler)
      throw new RangeError(`TensorFlow Lite operator ${OP_NAMES.get(operator.code) ?? operator.code} is not supported`);
    handler(operator);
  }
  return model.outputs.map((index) => value(index).name);
}
