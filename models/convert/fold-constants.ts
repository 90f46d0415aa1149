import { ONNX_TYPE, type OnnxModel, type OnnxTensor } from './onnx-proto.js';

/**
 * The same network with its constants as initializers in single precision: what a node makes of constants alone
 * (`Constant`, and `Cast` of half precision weights) is made here. Other nodes stay as they are.
 */
export function foldConstants(model: OnnxModel): OnnxModel {
  const initializers = new Map(model.graph.initializer.map((tensor) => [tensor.name, tensor]));
  const node = model.graph.node.filter(({ opType, input, output, attribute }) => {
    const name = output[0]!;
    const value = attribute.find((entry) => entry.name === 'value')?.t;
    if (opType === 'Constant' && value) {
      initializers.set(name, { ...value, name });
      return false;
    }
    const source = initializers.get(input[0]!);
    const to = attribute.find((entry) => entry.name === 'to')?.i;
    if (opType !== 'Cast' || source?.dataType !== ONNX_TYPE.float16 || to !== ONNX_TYPE.float32) return true;
    initializers.set(name, floatTensor(name, source.dims, halfFloats(source)));
    return false;
  });
  const read = new Set([...node.flatMap(({ input }) => input), ...model.graph.output.map(({ name }) => name)]);
  const initializer = [...initializers.values()].filter(({ name }) => read.has(name));
  return { ...model, graph: { ...model.graph, node, initializer } };
}

/** Values of a single precision initializer. */
export function floatsOf({ rawData, floatData, dims }: OnnxTensor): Float32Array {
  const count = dims.reduce((product, size) => product * size, 1);
  return rawData?.length
    ? new Float32Array(new Uint8Array(rawData).buffer, 0, count)
    : Float32Array.from(floatData ?? []);
}

export function floatTensor(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  return { name, dims: [...dims], dataType: ONNX_TYPE.float32, rawData: new Uint8Array(values.slice().buffer) };
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function halfFloats({ rawData }: OnnxTensor): Float32Array {
  const halves = new Uint16Array(new Uint8Array(rawData!).buffer);
  return Float32Array.from(halves, (bits) => {
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    return bits & 0x8000 ? -size : size;
  });
}
