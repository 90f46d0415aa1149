import { type FileHandle, open } from 'node:fs/promises';
import { AffectError } from '../domain/errors.js';

/** Writes bytes at a position and tells how many were written; replaces the system call in tests of a full disk. */
export type WriteBytes = (handle: FileHandle, bytes: Uint8Array, position: number) => Promise<number>;

/** Where the files of one run go, and how they are opened. */
export interface SinkTarget {
  /** Folder and base name; a sink appends its endings. */
  readonly base: string;
  /** Replace files that exist; else opening one rejects with OUTPUT_EXISTS. */
  readonly overwrite: boolean;
  readonly write?: WriteBytes;
}

/** A file that grows by whole units (lines, row groups) and never ends inside one. */
export interface OutputFile {
  readonly path: string;
  /**
   * Adds bytes. When the disk refuses them, the file is cut back to its last whole unit and the promise rejects with
   * OUTPUT_UNWRITABLE. One call at a time.
   *
   * @param wholeBytes - how many of the first `written` bytes make whole units
   */
  append(bytes: Uint8Array, wholeBytes: (written: number) => number): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

const FIXES: Readonly<Record<string, string>> = {
  ENOSPC: 'free disk space and use --resume',
  EDQUOT: 'free disk space and use --resume',
  EFBIG: 'choose an --out on a file system that takes large files',
  ENOENT: 'make the folder or choose another --out',
  EROFS: 'the file system is read-only: choose another --out',
  EMFILE: 'raise the limit of open files (ulimit -n)',
};

/** The error of the table for a failed write: names the file, the cause and the fix. */
export function unwritable(path: string, error: unknown): AffectError {
  if (error instanceof AffectError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const fix = FIXES[code] ?? 'check permissions or choose another --out';
  return new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path} (${code}); ${fix}`, { cause: error });
}

/** The error of the table for an output that may not be replaced. */
export function alreadyThere(path: string): AffectError {
  return new AffectError('OUTPUT_EXISTS', `${path} exists; choose --overwrite, --resume or another --out`);
}

const writeToHandle: WriteBytes = async (handle, bytes, position) =>
  (await handle.write(bytes, 0, bytes.byteLength, position)).bytesWritten;

/** Creates the file `<base><ending>`. Rejects with OUTPUT_EXISTS or OUTPUT_UNWRITABLE. */
export async function openOutputFile(target: SinkTarget, ending: string): Promise<OutputFile> {
  const path = `${target.base}${ending}`;
  const write = target.write ?? writeToHandle;
  const handle = await open(path, target.overwrite ? 'w' : 'wx').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? alreadyThere(path) : unwritable(path, error);
  });
  let position = 0;
  let closing: Promise<void> | undefined;
  return {
    path,
    async append(bytes, wholeBytes) {
      let written = 0;
      try {
        while (written < bytes.byteLength) {
          const count = await write(handle, bytes.subarray(written), position + written);
          if (count <= 0) throw new Error('the file system took no bytes');
          written += count;
        }
      } catch (error) {
        position += wholeBytes(written);
        await handle.truncate(position).catch(() => undefined); // the disk refuses this too: nothing more can be done
        throw unwritable(path, error);
      }
      position += written;
    },
    close() {
      closing ??= handle.close().catch((error: unknown) => {
        throw unwritable(path, error);
      });
      return closing;
    },
  };
}
