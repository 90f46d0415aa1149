import { AffectError } from '../domain/errors.js';

/** An array of NumPy's .npy format. `values` has the product of `shape` elements, in C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values:
    | Uint8Array
    | Int8Array
    | Uint16Array
    | Int16Array
    | Uint32Array
    | Int32Array
    | Float32Array
    | Float64Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Arrays of whole numbers too wide for these are refused: they would lose digits. */
const TYPES = {
  '|b1': Uint8Array,
  '|u1': Uint8Array,
  '|i1': Int8Array,
  '<u2': Uint16Array,
  '<i2': Int16Array,
  '<u4': Uint32Array,
  '<i4': Int32Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
} as const;

interface NpyFile {
  readonly descr: string;
  readonly shape: readonly number[];
  /** Bytes of the values. */
  readonly data: Uint8Array<ArrayBuffer>;
}

type Fail = (why: string) => AffectError;

const failure =
  (where: string): Fail =>
  (why) =>
    new AffectError('INPUT_DAMAGED', `${where} is not a readable .npy array: ${why}; save it again with numpy.save`);

function openNpy(bytes: Uint8Array, fail: Fail): NpyFile {
  if (bytes.byteLength < 12 || MAGIC.some((byte, index) => bytes[index] !== byte))
    throw fail('it lacks the magic bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw fail(`its format version is ${version}`);
  const headerAt = version === 1 ? 10 : 12;
  const headerBytes = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataAt = headerAt + headerBytes;
  if (dataAt > bytes.byteLength) throw fail('its header is cut off');
  const header = new TextDecoder().decode(bytes.subarray(headerAt, dataAt));
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || shapeText === undefined) throw fail('its header names no type and shape');
  if (/'fortran_order':\s*True/.test(header)) throw fail('it is in Fortran order');
  const shape = shapeText.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  // A copy that begins its own buffer: typed arrays need aligned offsets, and a Buffer's slice() would copy nothing.
  return { descr, shape, data: new Uint8Array(bytes.subarray(dataAt)) };
}

/**
 * Reads one array (NEP 1; header versions 1 to 3; little-endian numbers; C order). Whole numbers of 64 bits are read
 * as floating point, exact up to 2^53. Throws INPUT_DAMAGED naming `where`.
 */
export function readNpy(bytes: Uint8Array, where: string): NpyArray {
  const fail = failure(where);
  const { descr, shape, data } = openNpy(bytes, fail);
  const count = shape.reduce((product, size) => product * size, 1);
  const wide = descr === '<i8' || descr === '<u8';
  const Type = wide ? undefined : TYPES[descr as keyof typeof TYPES];
  if (!wide && !Type) throw fail(`its type is ${descr}`);
  const expected = count * (Type?.BYTES_PER_ELEMENT ?? 8);
  if (data.byteLength < expected) throw fail(`it holds ${data.byteLength} of ${expected} bytes`);
  if (Type) return { shape, values: new Type(data.buffer, 0, count) };
  return { shape, values: Float64Array.from(new BigInt64Array(data.buffer, 0, count), Number) };
}

/** Reads one value as text, whether it was saved as text or as a number. Throws INPUT_DAMAGED naming `where`. */
export function readNpyValue(bytes: Uint8Array, where: string): string {
  const fail = failure(where);
  const { descr, data } = openNpy(bytes, fail);
  const chars = /^<U(\d+)$/.exec(descr)?.[1];
  if (chars === undefined) {
    const { values } = readNpy(bytes, where);
    if (values.length !== 1) throw fail(`it holds ${values.length} values; expected one`);
    return String(values[0]);
  }
  if (data.byteLength < Number(chars) * 4) throw fail('its text is cut off');
  const codes = new Uint32Array(data.buffer, 0, Number(chars)).filter((code) => code > 0 && code < 0x110000);
  return String.fromCodePoint(...codes);
}

/** Bytes of a .npy file with floats of 32 bits in C order, as numpy.save writes it. */
export function npyBytes(shape: readonly number[], values: Float32Array): Uint8Array {
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const prefix = 10;
  const padded = Math.ceil((prefix + head.length + 1) / 64) * 64;
  const bytes = new Uint8Array(padded + values.byteLength);
  bytes.set(MAGIC);
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, padded - prefix, true);
  bytes.set(new TextEncoder().encode(`${head.padEnd(padded - prefix - 1)}\n`), prefix);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), padded);
  return bytes;
}
