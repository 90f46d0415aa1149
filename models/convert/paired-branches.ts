import { addPRelu } from './add-prelu.js';
import { windowOf } from './convolutions.js';
import type { OnnxBuilder } from './onnx-builder.js';
import { constantFloats, constantInts, TFLITE_OP, type TfliteModel, type TfliteOperator } from './tflite.js';

/** Two branches of a network, alike but for their weights. */
const PAIR = 2;

/** A value of both branches: channels first, those of the first branch before those of the second. */
interface Paired {
  readonly name: string;
  /** Of one branch, channels last. */
  readonly shape: readonly number[];
}

/**
 * Two branches of a TFLite network, alike but for their weights, as one: channels side by side and convolutions in two groups.
 * Half the operators are half the overhead, which is most of the cost of layers as small as these.
 */
export class PairedBranches {
  readonly #model: TfliteModel;
  readonly #builder: OnnxBuilder;
  readonly #values = new Map<number, Paired>();
  /** Half precision constants, by the tensor that holds them made whole. */
  readonly #sources = new Map<number, number>();

  /**
   * @param input - tensor of the first branch that is known
   * @param name - its value, of both branches: [n, 2 channels, height, width]
   */
  constructor(model: TfliteModel, builder: OnnxBuilder, input: number, name: string) {
    this.#model = model;
    this.#builder = builder;
    this.#values.set(input, { name, shape: model.tensors[input]!.shape });
    for (const { code, inputs, outputs } of model.operators) {
      if (code === TFLITE_OP.DEQUANTIZE) this.#sources.set(outputs[0]!, inputs[0]!);
    }
  }

  /** Adds the operators of both branches, in order. Throws RangeError where they differ or are not supported. */
  convert(first: readonly TfliteOperator[], second: readonly TfliteOperator[]): void {
    const [a, b] = [first, second].map((list) => list.filter(({ code }) => code !== TFLITE_OP.DEQUANTIZE));
    if (a!.length !== b!.length) throw new RangeError('the branches are not alike');
    for (const [index, operator] of a!.entries()) this.#add(operator, b![index]!);
  }

  /** Value of a tensor of the first branch, with that of the second: [n, 2 channels, height, width]. */
  value(index: number): string {
    return this.#at(index).name;
  }

  #at(index: number): Paired {
    const found = this.#values.get(index);
    if (!found) throw new RangeError(`tensor ${this.#model.tensors[index]?.name} is used before it is computed`);
    return found;
  }

  #constant(index: number): Float32Array {
    return constantFloats(this.#model.tensors[this.#sources.get(index) ?? index]!);
  }

  #both(at: number, one: TfliteOperator, other: TfliteOperator): Float32Array {
    const [first, second] = [this.#constant(one.inputs[at]!), this.#constant(other.inputs[at]!)];
    const both = new Float32Array(first.length + second.length);
    both.set(first);
    both.set(second, first.length);
    return both;
  }

  #add(one: TfliteOperator, other: TfliteOperator): void {
    if (one.code !== other.code) throw new RangeError('the branches are not alike');
    const output = one.outputs[0]!;
    this.#values.set(output, { name: this.#node(one, other), shape: this.#model.tensors[output]!.shape });
  }

  #node(one: TfliteOperator, other: TfliteOperator): string {
    const builder = this.#builder;
    const from = this.#at(one.inputs[0]!);
    switch (one.code) {
      case TFLITE_OP.CONV_2D:
        return this.#convolve(one, other);
      case TFLITE_OP.DEPTHWISE_CONV_2D:
        return this.#convolveDepthwise(one, other);
      case TFLITE_OP.ADD:
        return builder.node('Add', [from.name, this.#at(one.inputs[1]!).name]);
      case TFLITE_OP.PRELU:
        return addPRelu(builder, from.name, this.#both(1, one, other));
      case TFLITE_OP.MAX_POOL_2D: {
        const { options } = one;
        const kernel = [options.int32(4, 1), options.int32(3, 1)] as const;
        const window = windowOf(from, options.int8(0), kernel, [options.int32(2, 1), options.int32(1, 1)]);
        return builder.node('MaxPool', [from.name], window);
      }
      case TFLITE_OP.PAD:
        return this.#padChannels(one);
      default:
        throw new RangeError(`TensorFlow Lite operator ${one.code} is not supported in paired branches`);
    }
  }

  #convolve(one: TfliteOperator, other: TfliteOperator): string {
    const from = this.#at(one.inputs[0]!);
    const [out, height, width, inputs] = this.#shape(one, 1);
    const weights = this.#both(1, one, other);
    const turned = new Float32Array(weights.length);
    for (let o = 0; o < PAIR * out; o++) {
      for (let at = 0; at < height * width; at++) {
        for (let i = 0; i < inputs; i++) {
          turned[(o * inputs + i) * height * width + at] = weights[(o * height * width + at) * inputs + i]!;
        }
      }
    }
    const { options } = one;
    const window = windowOf(from, options.int8(0), [height, width], [options.int32(2, 1), options.int32(1, 1)]);
    const constants = [
      this.#builder.floats(turned, [PAIR * out, inputs, height, width]),
      this.#builder.floats(this.#both(2, one, other), [PAIR * out]),
    ];
    return this.#builder.node('Conv', [from.name, ...constants], { ...window, group: PAIR });
  }

  #convolveDepthwise(one: TfliteOperator, other: TfliteOperator): string {
    const from = this.#at(one.inputs[0]!);
    const [, height, width, out] = this.#shape(one, 1);
    const weights = this.#both(1, one, other);
    const turned = new Float32Array(weights.length);
    const area = height * width;
    for (let branch = 0; branch < PAIR; branch++) {
      for (let at = 0; at < area; at++) {
        for (let o = 0; o < out; o++) turned[(branch * out + o) * area + at] = weights[(branch * area + at) * out + o]!;
      }
    }
    const { options } = one;
    const window = windowOf(from, options.int8(0), [height, width], [options.int32(2, 1), options.int32(1, 1)]);
    const constants = [
      this.#builder.floats(turned, [PAIR * out, 1, height, width]),
      this.#builder.floats(this.#both(2, one, other), [PAIR * out]),
    ];
    return this.#builder.node('Conv', [from.name, ...constants], { ...window, group: PAIR * out });
  }

  /** More channels in each branch, all zero: a convolution with the identity, as in convolutions.ts. */
  #padChannels({ inputs }: TfliteOperator): string {
    const from = this.#at(inputs[0]!);
    const after = constantInts(this.#model.tensors[inputs[1]!]!).at(-1)!;
    const channels = from.shape[3]!;
    const identity = new Float32Array(PAIR * (channels + after) * channels);
    for (let branch = 0; branch < PAIR; branch++) {
      for (let c = 0; c < channels; c++) identity[(branch * (channels + after) + c) * channels + c] = 1;
    }
    const weights = this.#builder.floats(identity, [PAIR * (channels + after), channels, 1, 1]);
    return this.#builder.node('Conv', [from.name, weights], { kernel_shape: [1, 1], group: PAIR });
  }

  #shape({ inputs }: TfliteOperator, at: number): [number, number, number, number] {
    return this.#model.tensors[inputs[at]!]!.shape as [number, number, number, number];
  }
}
