import {
  ONNX_ATTRIBUTE,
  ONNX_TYPE,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from './onnx-proto.js';

export type AttributeValue = number | string | readonly number[] | { readonly float: number };

/** Opset of the graphs we write: 17 has every operator we need, and GridSample kernels on CPU and CUDA. */
export const OPSET = 17;
const IR_VERSION = 8;

function attribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: ONNX_ATTRIBUTE.int, i: value };
  if (typeof value === 'string') return { name, type: ONNX_ATTRIBUTE.string, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: ONNX_ATTRIBUTE.float, f: value.float };
  return { name, type: ONNX_ATTRIBUTE.ints, ints: [...value] };
}

/** Collects nodes and constants of one graph; every value gets a name of its own. */
export class OnnxBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers: OnnxTensor[] = [];
  readonly #inputs: OnnxModel['graph']['input'] = [];
  readonly #outputs: OnnxModel['graph']['output'] = [];
  #count = 0;

  /** Declares an input; a string dimension is dynamic. */
  input(name: string, type: keyof typeof ONNX_TYPE, dims: readonly (number | string)[]): string {
    this.#inputs.push(valueInfo(name, type, dims));
    return name;
  }

  /** Declares `value` as the output `name`. */
  output(value: string, name: string, type: keyof typeof ONNX_TYPE, dims: readonly (number | string)[]): void {
    this.#nodes.push({ opType: 'Identity', name: `out_${name}`, input: [value], output: [name], attribute: [] });
    this.#outputs.push(valueInfo(name, type, dims));
  }

  floats(values: Float32Array | readonly number[], dims: readonly number[]): string {
    const data = Float32Array.from(values);
    return this.#constant(ONNX_TYPE.float32, dims, new Uint8Array(data.buffer));
  }

  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    const data = BigInt64Array.from(values, (value) => BigInt(value));
    return this.#constant(ONNX_TYPE.int64, dims, new Uint8Array(data.buffer));
  }

  /** Adds a node with one output and returns the output's name. */
  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    return this.nodes(opType, inputs, 1, attributes)[0]!;
  }

  /** Adds a node with several outputs. */
  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string[] {
    const name = `${opType}_${this.#count++}`;
    const names = Array.from({ length: outputs }, (_, index) => `${name}:${index}`);
    this.#nodes.push({
      opType,
      name,
      input: [...inputs],
      output: names,
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    });
    return names;
  }

  /**
   * Copies another model's graph into this one and returns its outputs' values by name.
   *
   * @param bindings - value that feeds each of its inputs
   */
  inline(model: OnnxModel, prefix: string, bindings: Readonly<Record<string, string>>): Record<string, string> {
    const rename = (name: string): string => (name === '' ? '' : (bindings[name] ?? `${prefix}/${name}`));
    for (const tensor of model.graph.initializer) this.#initializers.push({ ...tensor, name: rename(tensor.name) });
    for (const node of model.graph.node) {
      this.#nodes.push({
        ...node,
        name: `${prefix}/${node.name}`,
        input: node.input.map(rename),
        output: node.output.map(rename),
      });
    }
    return Object.fromEntries(model.graph.output.map(({ name }) => [name, rename(name)]));
  }

  build(graphName: string): OnnxModel {
    return {
      irVersion: IR_VERSION,
      producerName: 'mien',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name: graphName,
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    };
  }

  #constant(dataType: number, dims: readonly number[], rawData: Uint8Array): string {
    const name = `const_${this.#count++}`;
    this.#initializers.push({ name, dims: [...dims], dataType, rawData });
    return name;
  }
}

function valueInfo(name: string, type: keyof typeof ONNX_TYPE, dims: readonly (number | string)[]) {
  return {
    name,
    type: {
      tensorType: {
        elemType: ONNX_TYPE[type],
        shape: { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) },
      },
    },
  };
}
