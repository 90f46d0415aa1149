import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AffectError } from '../domain/errors.js';

/** A file that grows by whole lines. */
export interface LineFile {
  readonly path: string;
  /** Adds text that ends with a newline. Returns a promise only when the buffer must be written first. */
  write(lines: string): Promise<void> | undefined;
  /** Writes what is pending and closes; idempotent. */
  close(): Promise<void>;
}

/** Bytes gathered before they are written at once. */
const BUFFER_CHARS = 128 * 1024;

/** Throws OUTPUT_EXISTS when the file is there and must not be replaced. */
export function refuseExisting(path: string, overwrite: boolean): void {
  if (overwrite || !existsSync(path)) return;
  throw new AffectError('OUTPUT_EXISTS', `${path} exists; choose --overwrite, --resume or another --out`);
}

/** The error of the table for a failed write: names the file, the cause and the fix. */
export function unwritable(path: string, error: unknown): AffectError {
  if (error instanceof AffectError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const fix =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'free disk space and use --resume'
      : 'check permissions or choose another --out';
  return new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path} (${code}); ${fix}`, { cause: error });
}

type Write = (handle: FileHandle, bytes: Buffer, position: number) => Promise<number>;

const writeToHandle: Write = async (handle, bytes, position) =>
  (await handle.write(bytes, 0, bytes.byteLength, position)).bytesWritten;

/**
 * Creates (or replaces) a file written by whole lines: whatever happens, it ends at the end of a line. A failed
 * write cuts the file back to its last whole line and rejects with OUTPUT_UNWRITABLE, as does everything after it.
 *
 * @param options.write - replaces the system call, for tests of a full disk
 */
export async function openLineFile(path: string, options: { readonly write?: Write } = {}): Promise<LineFile> {
  const write = options.write ?? writeToHandle;
  let handle: FileHandle;
  try {
    handle = await open(path, 'w');
  } catch (error) {
    throw unwritable(path, error);
  }
  let pending = '';
  let position = 0;
  let failure: AffectError | undefined;
  let closed = false;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    writing = writing.then(async () => {
      if (failure) throw failure;
      const bytes = Buffer.from(pending, 'utf8');
      pending = '';
      const start = position;
      try {
        while (position < start + bytes.byteLength) {
          position += await write(handle, bytes.subarray(position - start), position);
        }
      } catch (error) {
        failure = unwritable(path, error);
        const whole = bytes.subarray(0, position - start).lastIndexOf(0x0a) + 1;
        position = start + whole;
        await handle.truncate(position).catch(() => undefined); // the disk refuses this too: nothing more can be done
        throw failure;
      }
    });
    return writing;
  };

  return {
    path,
    write(lines) {
      pending += lines;
      return pending.length >= BUFFER_CHARS ? flush() : undefined;
    },
    async close() {
      if (closed) return;
      closed = true;
      try {
        if (pending !== '') await flush();
        await writing;
      } finally {
        await handle.close();
      }
    },
  };
}
