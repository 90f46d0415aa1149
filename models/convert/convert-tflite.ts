import { addPRelu } from './add-prelu.js';
import { Conversion } from './conversion.js';
import { convolve, convolveDepthwise, padZeros, windowOf } from './convolutions.js';
import type { OnnxBuilder } from './onnx-builder.js';
import { operatorsBetween, TFLITE_OP, type TfliteModel, type TfliteOperator } from './tflite.js';

const OP_NAMES = new Map(Object.entries(TFLITE_OP).map(([name, code]) => [code as number, name]));

/** How each operator becomes nodes. */
const CONVERT: Readonly<Record<number, (graph: Conversion, operator: TfliteOperator) => void>> = {
  [TFLITE_OP.DEQUANTIZE]: (graph, operator) => graph.defineConstant(operator),
  [TFLITE_OP.CONV_2D]: convolve,
  [TFLITE_OP.DEPTHWISE_CONV_2D]: convolveDepthwise,
  [TFLITE_OP.PAD]: padZeros,
  [TFLITE_OP.ADD]: (graph, operator) =>
    graph.define(
      operator,
      graph.builder.node(
        'Add',
        operator.inputs.map((index) => graph.value(index).name),
      ),
      operator.options.int8(0),
    ),
  [TFLITE_OP.RELU]: (graph, operator) =>
    graph.define(operator, graph.builder.node('Relu', [graph.value(operator.inputs[0]!).name])),
  [TFLITE_OP.PRELU]: (graph, operator) => {
    const from = graph.value(operator.inputs[0]!);
    graph.define(operator, addPRelu(graph.builder, from.name, graph.constant(operator.inputs[1]!)));
  },
  [TFLITE_OP.MAX_POOL_2D]: (graph, operator) => {
    const { options } = operator;
    const from = graph.value(operator.inputs[0]!);
    const kernel = [options.int32(4, 1), options.int32(3, 1)] as const;
    const attributes = windowOf(from, options.int8(0), kernel, [options.int32(2, 1), options.int32(1, 1)]);
    graph.define(operator, graph.builder.node('MaxPool', [from.name], attributes), options.int8(5));
  },
  [TFLITE_OP.RESIZE_BILINEAR]: (graph, operator) => {
    const from = graph.value(operator.inputs[0]!);
    const [, height, width] = graph.shapeOf(operator.outputs[0]!);
    const mode = operator.options.int8(2) ? 'align_corners' : operator.options.int8(3) ? 'half_pixel' : 'asymmetric';
    const scales = graph.builder.floats([1, 1, height! / from.shape[1]!, width! / from.shape[2]!], [4]);
    graph.define(
      operator,
      graph.builder.node('Resize', [from.name, '', scales], { mode: 'linear', coordinate_transformation_mode: mode }),
    );
  },
  [TFLITE_OP.RESHAPE]: (graph, operator) => {
    const shape = graph.shapeOf(operator.outputs[0]!);
    if (shape.length === 4) throw new RangeError('reshaping to an image is not supported');
    const flat = graph.channelsLast(graph.value(operator.inputs[0]!));
    // The first axis is the batch, which we keep open.
    graph.define(operator, graph.builder.node('Reshape', [flat, graph.builder.ints([0, ...shape.slice(1)])]));
  },
  [TFLITE_OP.CONCATENATION]: (graph, operator) => {
    const parts = operator.inputs.map((index) => graph.value(index));
    const axis = operator.options.int32(0);
    const at = parts[0]!.channelsFirst ? [0, 2, 3, 1][axis]! : axis;
    graph.define(
      operator,
      graph.builder.node(
        'Concat',
        parts.map((part) => part.name),
        { axis: at },
      ),
      operator.options.int8(1),
    );
  },
};

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
  return convertTensors(model, builder, image, model.outputs);
}

/** The same for these tensors in place of the network's outputs: what only others need is left out. */
export function convertTensors(
  model: TfliteModel,
  builder: OnnxBuilder,
  image: string,
  tensors: readonly number[],
): string[] {
  const graph = new Conversion(model, builder, image);
  for (const operator of operatorsBetween(model, [], tensors)) {
    const convert = CONVERT[operator.code];
    if (!convert)
      throw new RangeError(`TensorFlow Lite operator ${OP_NAMES.get(operator.code) ?? operator.code} is not supported`);
    convert(graph, operator);
  }
  return tensors.map((index) => graph.value(index).name);
}
