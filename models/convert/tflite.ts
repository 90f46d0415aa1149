import { ByteBuffer } from 'flatbuffers';

/** A TensorFlow Lite model, as far as the importer needs it (schema version 3, first subgraph). */
export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export interface TfliteTensor {
  readonly name: string;
  /** Channels last, as stored. */
  readonly shape: readonly number[];
  readonly type: TfliteType;
  /** Bytes of a constant; null for values computed at run time. */
  readonly data: Uint8Array | null;
}

export type TfliteType = 'float32' | 'float16' | 'int32' | 'other';

export interface TfliteOperator {
  /** BuiltinOperator number. */
  readonly code: number;
  /** Name of an operator that is not built in; else ''. */
  readonly custom: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: TableReader;
  /** Options of a custom operator, FlexBuffers. */
  readonly customOptions: Uint8Array | null;
}

/** BuiltinOperator numbers of the TFLite schema that the MediaPipe face models use. */
export const TFLITE_OP = {
  ADD: 0,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEQUANTIZE: 6,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RESHAPE: 22,
  RESIZE_BILINEAR: 23,
  CUSTOM: 32,
  PAD: 34,
  PRELU: 54,
} as const;

/** Field access of one FlatBuffers table: scalars with their default, offsets, vectors. Fields count from 0. */
export class TableReader {
  constructor(
    private readonly buffer: ByteBuffer,
    private readonly position: number,
  ) {}

  #at(field: number): number {
    const vtable = this.position - this.buffer.readInt32(this.position);
    const slot = 4 + 2 * field;
    if (slot >= this.buffer.readInt16(vtable)) return 0;
    const offset = this.buffer.readInt16(vtable + slot);
    return offset === 0 ? 0 : this.position + offset;
  }

  int8(field: number, fallback = 0): number {
    const at = this.#at(field);
    return at ? this.buffer.readInt8(at) : fallback;
  }

  int32(field: number, fallback = 0): number {
    const at = this.#at(field);
    return at ? this.buffer.readInt32(at) : fallback;
  }

  table(field: number): TableReader {
    const at = this.#at(field);
    return at ? new TableReader(this.buffer, this.buffer.__indirect(at)) : new TableReader(EMPTY, 8);
  }

  tables(field: number): TableReader[] {
    const at = this.#at(field);
    if (!at) return [];
    const start = this.buffer.__vector(at);
    return Array.from(
      { length: this.buffer.__vector_len(at) },
      (_, index) => new TableReader(this.buffer, this.buffer.__indirect(start + 4 * index)),
    );
  }

  int32s(field: number): number[] {
    const at = this.#at(field);
    if (!at) return [];
    const start = this.buffer.__vector(at);
    return Array.from({ length: this.buffer.__vector_len(at) }, (_, index) => this.buffer.readInt32(start + 4 * index));
  }

  bytes(field: number): Uint8Array | null {
    const at = this.#at(field);
    if (!at) return null;
    const start = this.buffer.__vector(at);
    return this.buffer.bytes().subarray(start, start + this.buffer.__vector_len(at));
  }

  text(field: number): string {
    const bytes = this.bytes(field);
    return bytes ? new TextDecoder().decode(bytes) : '';
  }
}

/** A table without fields: its vtable says so. */
const EMPTY = new ByteBuffer(Uint8Array.from([4, 0, 4, 0, 0, 0, 0, 0, 8, 0, 0, 0]));

const TYPES: Readonly<Record<number, TfliteType>> = { 0: 'float32', 1: 'float16', 2: 'int32' };

/** Parses a .tflite file. Throws RangeError when it is none. */
export function parseTflite(bytes: Uint8Array): TfliteModel {
  const buffer = new ByteBuffer(bytes);
  if (bytes.byteLength < 16 || !buffer.__has_identifier('TFL3')) throw new RangeError('not a TensorFlow Lite model');
  const root = new TableReader(buffer, buffer.readInt32(0));
  const codes = root.tables(1).map((code) => ({ code: Math.max(code.int8(0), code.int32(3)), custom: code.text(1) }));
  const buffers = root.tables(4);
  const graph = root.tables(2)[0];
  if (!graph) throw new RangeError('TensorFlow Lite model without a graph');
  return {
    tensors: graph.tables(0).map((tensor) => {
      const data = buffers[tensor.int32(2)]?.bytes(0) ?? null;
      return {
        name: tensor.text(3),
        shape: tensor.int32s(0),
        type: TYPES[tensor.int8(1)] ?? 'other',
        data: data && data.byteLength > 0 ? data : null,
      };
    }),
    operators: graph.tables(3).map((operator) => ({
      ...codes[operator.int32(0)]!,
      inputs: operator.int32s(1),
      outputs: operator.int32s(2),
      options: operator.table(4),
      customOptions: operator.bytes(5),
    })),
    inputs: graph.int32s(1),
    outputs: graph.int32s(2),
  };
}

/** The operators, in their order, that compute these tensors when those of `from` are known. */
export function operatorsBetween(
  model: TfliteModel,
  from: readonly number[],
  tensors: readonly number[],
): TfliteOperator[] {
  const known = new Set(from);
  const wanted = new Set(tensors);
  const needed: TfliteOperator[] = [];
  for (const operator of [...model.operators].reverse()) {
    if (!operator.outputs.some((index) => wanted.has(index) && !known.has(index))) continue;
    needed.unshift(operator);
    for (const index of operator.inputs) wanted.add(index);
  }
  return needed;
}

/** Values of a constant tensor as float32; float16 is widened (IEEE 754 binary16). */
export function constantFloats(tensor: TfliteTensor): Float32Array {
  if (!tensor.data) throw new RangeError(`tensor ${tensor.name} is not a constant`);
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  if (tensor.type === 'float32') {
    return Float32Array.from({ length: view.byteLength / 4 }, (_, index) => view.getFloat32(index * 4, true));
  }
  if (tensor.type === 'float16') {
    return Float32Array.from({ length: view.byteLength / 2 }, (_, index) =>
      halfToFloat(view.getUint16(index * 2, true)),
    );
  }
  throw new RangeError(`tensor ${tensor.name} holds no floats`);
}

/** Values of a constant int32 tensor. */
export function constantInts(tensor: TfliteTensor): number[] {
  if (!tensor.data || tensor.type !== 'int32') throw new RangeError(`tensor ${tensor.name} holds no integers`);
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  return Array.from({ length: view.byteLength / 4 }, (_, index) => view.getInt32(index * 4, true));
}

export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
