import type { OnnxBuilder } from './onnx-builder.js';
import { constantFloats, constantInts, type TfliteModel, type TfliteOperator } from './tflite.js';

/** A value of the network on its way to ONNX: its name, and the TFLite shape (channels last) it stands for. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  /** Rank-4 values are kept channels first; others as they are. */
  readonly channelsFirst: boolean;
}

const ACTIVATIONS: Readonly<Record<number, string>> = { 0: '', 1: 'Relu' };

/** A TFLite network on its way into an ONNX graph: which of its tensors are computed so far, and by what. */
export class Conversion {
  readonly builder: OnnxBuilder;
  readonly #model: TfliteModel;
  readonly #values = new Map<number, Value>();
  readonly #constants = new Map<number, Float32Array>();

  /** @param image - value of shape [n, 1, height, width] in place of the network's one input */
  constructor(model: TfliteModel, builder: OnnxBuilder, image: string) {
    this.#model = model;
    this.builder = builder;
    const input = model.inputs[0]!;
    this.#values.set(input, { name: image, shape: [...this.shapeOf(input).slice(0, 3), 1], channelsFirst: true });
  }

  /** Throws RangeError when the tensor is not computed yet. */
  value(index: number): Value {
    const found = this.#values.get(index);
    if (!found) throw new RangeError(`tensor ${this.#model.tensors[index]?.name} is used before it is computed`);
    return found;
  }

  constant(index: number): Float32Array {
    return this.#constants.get(index) ?? constantFloats(this.#model.tensors[index]!);
  }

  integers(index: number): readonly number[] {
    return constantInts(this.#model.tensors[index]!);
  }

  shapeOf(index: number): readonly number[] {
    return this.#model.tensors[index]!.shape;
  }

  /** The operator's output is this node, after a fused activation. Throws RangeError for one that is not supported. */
  define(operator: TfliteOperator, name: string, activation = 0): void {
    const index = operator.outputs[0]!;
    const fused = ACTIVATIONS[activation];
    if (fused === undefined) throw new RangeError(`fused activation ${activation} is not supported`);
    const shape = this.shapeOf(index);
    this.#values.set(index, {
      name: fused ? this.builder.node(fused, [name]) : name,
      shape,
      channelsFirst: shape.length === 4,
    });
  }

  /** The operator's output is a constant: half precision weights, made whole. */
  defineConstant({ inputs, outputs }: TfliteOperator): void {
    this.#constants.set(outputs[0]!, this.constant(inputs[0]!));
  }

  /** Back to channels last, for operators that mix axes. */
  channelsLast(from: Value): string {
    return from.channelsFirst ? this.builder.node('Transpose', [from.name], { perm: [0, 2, 3, 1] }) : from.name;
  }
}
