import { floatsOf } from './fold-constants.js';
import { ONNX_ATTRIBUTE, ONNX_TYPE, type OnnxModel, type OnnxNode, type OnnxTensor } from './onnx-proto.js';

/** Smaller ones are not worth a node. */
const WORTH_VALUES = 256;

/**
 * The same network with its large weights in half precision, each with a `Cast`, where that holds every number exactly:
 * half the file, and ONNX Runtime folds the casts when it loads. What `foldConstants` undoes.
 */
export function storeHalves(model: OnnxModel): OnnxModel {
  const casts: OnnxNode[] = [];
  const initializer = model.graph.initializer.map((tensor): OnnxTensor => {
    if (tensor.dataType !== ONNX_TYPE.float32) return tensor;
    const halves = halvesOf(floatsOf(tensor));
    if (halves === null || halves.length < WORTH_VALUES) return tensor;
    const { name, dims } = tensor;
    const attribute = [{ name: 'to', type: ONNX_ATTRIBUTE.int, i: ONNX_TYPE.float32 }];
    casts.push({ opType: 'Cast', name: `${name}/cast`, input: [`${name}/half`], output: [name], attribute });
    return { name: `${name}/half`, dims, dataType: ONNX_TYPE.float16, rawData: new Uint8Array(halves.buffer) };
  });
  return { ...model, graph: { ...model.graph, node: [...casts, ...model.graph.node], initializer } };
}

/** IEEE 754 binary16 of each number; null where one has no exact form. */
function halvesOf(values: Float32Array): Uint16Array | null {
  const halves = new Uint16Array(values.length);
  for (const [at, value] of values.entries()) {
    const size = Math.abs(value);
    const exponent = Math.max(-14, Math.floor(Math.log2(size)));
    const fraction = (size * 1024) / 2 ** exponent; // 1024 to 2047; below 1024 under the least normal number
    if (!(exponent <= 15) || !Number.isInteger(fraction)) return null;
    const bits = fraction < 1024 ? fraction : ((exponent + 15) << 10) | (fraction - 1024);
    halves[at] = (Object.is(value, size) ? 0 : 0x8000) | bits;
  }
  return halves;
}
