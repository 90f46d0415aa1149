import { floatsOf } from './fold-constants.js';
import type { OnnxModel, OnnxNode, OnnxTensor } from './onnx-proto.js';

/** A convolution that runs in integers, with the activation that follows it. */
export interface QuantizedLayer {
  readonly conv: OnnxNode;
  readonly weights: OnnxTensor;
  /** The value after the activation: the name of its range. */
  readonly output: string;
  /** The activation node that the output's range stands for. */
  readonly activation: OnnxNode | null;
  /** The activation keeps to 0..ceiling; null without one. */
  readonly ceiling: number | null;
}

/** Below so many input channels a convolution is faster in floats (measured, decision 0014). */
const LEAST_CHANNELS = 16;

/**
 * The convolutions of a network that run in integers, in order: those with 16 input channels and more, and depthwise ones
 * between them. A depthwise layer is slower in integers than in floats, but cheaper than turning its input back.
 *
 * @param model - with folded constants
 */
export function quantizedLayers({ graph }: OnnxModel): QuantizedLayer[] {
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const readers = new Map<string, OnnxNode[]>();
  for (const node of graph.node) for (const name of node.input) readers.set(name, [...(readers.get(name) ?? []), node]);
  const integers = new Set<string>();
  const layers: QuantizedLayer[] = [];
  for (const conv of graph.node) {
    const weights = initializers.get(conv.input[1] ?? '');
    if (conv.opType !== 'Conv' || !weights) continue;
    const group = conv.attribute.find(({ name }) => name === 'group')?.i ?? 1;
    const wide = group === 1 && weights.dims[1]! >= LEAST_CHANNELS;
    if (!wide && !integers.has(conv.input[0]!)) continue;
    const after = readers.get(conv.output[0]!) ?? [];
    const activation = after.length === 1 ? activationOf(after[0]!, initializers) : null;
    const output = activation?.node.output[0] ?? conv.output[0]!;
    integers.add(output);
    layers.push({ conv, weights, output, activation: activation?.node ?? null, ceiling: activation?.ceiling ?? null });
  }
  return layers;
}

/** Values whose range has to be known: what the layers read and what they give. */
export function rangedValues(layers: readonly QuantizedLayer[]): string[] {
  return [...new Set(layers.flatMap(({ conv, output }) => [conv.input[0]!, output]))];
}

function activationOf(
  node: OnnxNode,
  initializers: ReadonlyMap<string, OnnxTensor>,
): { node: OnnxNode; ceiling: number } | null {
  if (node.opType === 'Relu') return { node, ceiling: Number.POSITIVE_INFINITY };
  if (node.opType !== 'Clip') return null;
  const [low, high] = [node.input[1], node.input[2]].map((name) => initializers.get(name ?? ''));
  if (!low || floatsOf(low)[0] !== 0) return null;
  return { node, ceiling: high ? floatsOf(high)[0]! : Number.POSITIVE_INFINITY };
}
