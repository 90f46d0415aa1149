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

/**
 * Reads one array (NEP 1; header versions 1 to 3; little-endian numbers; C order). Whole numbers of 64 bits are read
 * as floating point, exact up to 2^53. Throws INPUT_DAMAGED naming `where`.
 */
export function readNpy(bytes: Uint8Array, where: string): NpyArray {
  const fail = (why: string): AffectError =>
    new AffectError('INPUT_DAMAGED', `${where} is not a readable .npy array: ${why}; save it again with numpy.save`);
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
  const count = shape.reduce((product, size) => product * size, 1);
  const wide = descr === '<i8' || descr === '<u8';
  const Type = wide ? undefined : TYPES[descr as keyof typeof TYPES];
  if (!wide && !Type) throw fail(`its type is ${descr}`);
  // A copy that begins its own buffer: typed arrays need aligned offsets, and a Buffer's slice() would copy nothing.
  const data = new Uint8Array(bytes.subarray(dataAt));
  const expected = count * (Type?.BYTES_PER_ELEMENT ?? 8);
  if (data.byteLength < expected) throw fail(`it holds ${data.byteLength} of ${expected} bytes`);
  if (Type) return { shape, values: new Type(data.buffer, 0, count) };
  return { shape, values: Float64Array.from(new BigInt64Array(data.buffer, 0, count), Number) };
}
