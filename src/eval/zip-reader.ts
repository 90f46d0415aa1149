import { inflateRawSync } from 'node:zlib';
import { AffectError, errorWords } from '../domain/errors.js';
import { crc32 } from './crc32.js';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_BYTES = 22;
/** A zip comment's length is 16 bits. */
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ZIP64_MARK = 0xffffffff;

interface ZipEntry {
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly localAt: number;
}

/** An archive in memory (APPNOTE 6.3.10: one disk, stored or deflated entries, no encryption, no Zip64). */
export interface ZipArchive {
  readonly names: readonly string[];
  /** Unpacked bytes of an entry, undefined when there is none of that name. Throws INPUT_DAMAGED. */
  read(name: string): Uint8Array | undefined;
}

function damaged(path: string, why: string): AffectError {
  return new AffectError('INPUT_DAMAGED', `${path} is not a readable zip archive: ${why}; make it again`);
}

function findEnd(view: DataView, path: string): number {
  const least = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= least; at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw damaged(path, 'it has no end record, so it is truncated or not a zip file');
}

function readDirectory(bytes: Uint8Array, view: DataView, path: string): Map<string, ZipEntry> {
  const end = findEnd(view, path);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (at === ZIP64_MARK) throw damaged(path, 'it is a Zip64 archive, which mien does not read');
  const entries = new Map<string, ZipEntry>();
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== DIRECTORY_ENTRY)
      throw damaged(path, `its directory breaks off at entry ${index + 1} of ${count}`);
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      localAt: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/**
 * Opens an archive. Throws INPUT_DAMAGED when it is none or breaks off.
 *
 * @param path - only for messages
 */
export function openZip(bytes: Uint8Array, path: string): ZipArchive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(bytes, view, path);
  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name);
      if (!entry) return undefined;
      const { localAt, packedBytes } = entry;
      if (localAt + 30 > view.byteLength || view.getUint32(localAt, true) !== LOCAL_ENTRY)
        throw damaged(path, `entry ${name} is not where the directory says`);
      const start = localAt + 30 + view.getUint16(localAt + 26, true) + view.getUint16(localAt + 28, true);
      if (start + packedBytes > view.byteLength) throw damaged(path, `entry ${name} breaks off`);
      const unpacked = unpack(bytes.subarray(start, start + packedBytes), entry, `${path}, entry ${name}`);
      if (unpacked.byteLength !== entry.bytes)
        throw damaged(path, `entry ${name} has ${unpacked.byteLength} bytes instead of ${entry.bytes}`);
      if (crc32(unpacked) !== entry.crc) throw damaged(path, `entry ${name} fails its checksum`);
      return unpacked;
    },
  };
}

function unpack(packed: Uint8Array, entry: ZipEntry, where: string): Uint8Array {
  if (entry.method === STORED) return packed;
  if (entry.method !== DEFLATED)
    throw damaged(where, `it is packed by method ${entry.method}; only stored and deflated entries are read`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.bytes) });
  } catch (error) {
    throw damaged(where, errorWords(error));
  }
}
