import { floatsOf, floatTensor } from './fold-constants.js';
import { ONNX_TYPE, type OnnxModel, type OnnxNode, type OnnxTensor } from './onnx-proto.js';
import { type QuantizedLayer, quantizedLayers } from './quantized-layers.js';

/** Least and largest value that layers read and give, by the value's name. */
export type Ranges = Readonly<Record<string, readonly [number, number]>>;

/**
 * All eight bits. Processors without VNNI add two products in 16 bits, which can saturate: such a processor gives other
 * numbers than those recorded, and does not use the graph. Weights of at most 64 would be safe, and cost more than four
 * times the error (decision 0014).
 */
const WEIGHT_LIMIT = 127;
const BIAS_LIMIT = 2 ** 30;

interface Scale {
  readonly scale: number;
  readonly zero: number;
}

/**
 * A network with the convolutions of `quantizedLayers` in integers (QLinearConv): activations uint8 with one scale per
 * value, weights int8 with one scale per output channel, biases int32. All else stays in floats.
 *
 * @param model - with folded constants
 * Throws RangeError for a value without a range.
 */
export function quantize(model: OnnxModel, ranges: Ranges): OnnxModel {
  const layers = quantizedLayers(model);
  const dropped = new Set(layers.flatMap(({ activation }) => activation ?? []));
  const byConv = new Map(layers.map((layer) => [layer.conv, layer]));
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const scales = new Map<string, Scale>();
  /** Values that exist as integers, with the name they have there. */
  const integers = new Map<string, string>();
  const floats = new Set<string>();

  const add = (opType: string, name: string, input: string[], output: string): void => {
    nodes.push({ opType, name, input, output: [output], attribute: [] });
  };
  const scaleOf = (value: string, ceiling: number | null): string[] => {
    if (!scales.has(value)) {
      const scale = activationScale(value, ranges[value], ceiling);
      scales.set(value, scale);
      initializers.push(floatTensor(`${value}/scale`, [], Float32Array.of(scale.scale)));
      initializers.push(bytes(`${value}/zero`, [], ONNX_TYPE.uint8, Uint8Array.of(scale.zero)));
    }
    return [`${value}/scale`, `${value}/zero`];
  };

  for (const node of model.graph.node) {
    const layer = byConv.get(node);
    if (!layer) {
      if (dropped.has(node)) continue;
      for (const value of node.input) {
        const whole = integers.get(value);
        if (whole === undefined || floats.has(value)) continue;
        add('DequantizeLinear', `${value}/floats`, [whole, `${value}/scale`, `${value}/zero`], value);
        floats.add(value);
      }
      nodes.push(node);
      continue;
    }
    const from = node.input[0]!;
    if (!integers.has(from)) {
      add('QuantizeLinear', `${from}/integers`, [from, ...scaleOf(from, null)], `${from}/uint8`);
      integers.set(from, `${from}/uint8`);
    }
    const input = [integers.get(from)!, `${from}/scale`, `${from}/zero`];
    const { names, tensors } = quantizedWeights(layer, scales.get(from)!.scale, model);
    initializers.push(...tensors);
    const { output, ceiling } = layer;
    integers.set(output, `${output}/uint8`);
    const constants = [...names.weights, ...scaleOf(output, ceiling), ...names.bias];
    nodes.push({ ...node, opType: 'QLinearConv', input: [...input, ...constants], output: [`${output}/uint8`] });
  }
  return { ...model, graph: { ...model.graph, node: nodes, initializer: withUsed(model, nodes, initializers) } };
}

/** Zero is a value of its own, so that padding is exact; after an activation it is the least. */
function activationScale(value: string, range: readonly [number, number] | undefined, ceiling: number | null): Scale {
  if (!range) throw new RangeError(`the value ${value} has no range`);
  const low = ceiling === null ? Math.min(range[0], 0) : 0;
  const high = Math.max(Math.min(range[1], ceiling ?? Number.POSITIVE_INFINITY), low + 1e-6, 0);
  const scale = Math.fround((high - low) / 255);
  return { scale, zero: Math.round(-low / scale) };
}

function quantizedWeights({ conv, weights, output }: QuantizedLayer, inputScale: number, { graph }: OnnxModel) {
  const values = floatsOf(weights);
  const channels = weights.dims[0]!;
  const biasTensor = graph.initializer.find(({ name }) => name === conv.input[2]);
  const bias = biasTensor ? floatsOf(biasTensor) : new Float32Array(channels);
  const size = values.length / channels;
  const [scale, whole, wholeBias] = [
    new Float32Array(channels),
    new Int8Array(values.length),
    new Int32Array(channels),
  ];
  for (let c = 0; c < channels; c++) {
    const own = values.subarray(c * size, (c + 1) * size);
    const largest = own.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    scale[c] = Math.max(largest / WEIGHT_LIMIT, Math.abs(bias[c]!) / inputScale / BIAS_LIMIT, 1e-12);
    for (let i = 0; i < size; i++) whole[c * size + i] = Math.round(own[i]! / scale[c]!);
    wholeBias[c] = Math.round(bias[c]! / (inputScale * scale[c]!));
  }
  const name = (what: string): string => `${output}/${what}`;
  return {
    names: { weights: [name('weights'), name('weight_scale'), name('weight_zero')], bias: [name('bias')] },
    tensors: [
      bytes(name('weights'), weights.dims, ONNX_TYPE.int8, whole),
      floatTensor(name('weight_scale'), [channels], scale),
      bytes(name('weight_zero'), [channels], ONNX_TYPE.int8, new Int8Array(channels)),
      bytes(name('bias'), [channels], ONNX_TYPE.int32, wholeBias),
    ],
  };
}

function bytes(name: string, dims: readonly number[], dataType: number, values: ArrayBufferView): OnnxTensor {
  return { name, dims: [...dims], dataType, rawData: new Uint8Array(values.buffer as ArrayBuffer).slice() };
}

/** Without the float weights of layers that run in integers. */
function withUsed(model: OnnxModel, nodes: readonly OnnxNode[], added: readonly OnnxTensor[]): OnnxTensor[] {
  const read = new Set(nodes.flatMap(({ input }) => input));
  return [...model.graph.initializer, ...added].filter(({ name }) => read.has(name));
}
