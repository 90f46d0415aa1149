import { rm } from 'node:fs/promises';
import { openOutputFile, type SinkTarget } from './output-file.js';

/** A file that grows by whole lines. */
export interface LineFile {
  readonly path: string;
  /**
   * Adds text that ends with a newline. Returns a promise when the buffer is full and must be written first: await it
   * before the next call, so that memory stays bounded. Rejects with OUTPUT_UNWRITABLE.
   */
  write(lines: string): Promise<void> | undefined;
  /** Writes what is pending. Await it before the next call. Rejects with OUTPUT_UNWRITABLE. */
  flush(): Promise<void>;
  /** Writes what is pending and closes; idempotent. Rejects with the first failure of a write. */
  close(): Promise<void>;
}

/** Bytes gathered before they are written at once; raising it saves system calls and costs memory per file. */
const BUFFER_BYTES = 128 * 1024;

export interface LineFileOptions {
  /** What ends a unit that must not be cut: a blank line where several lines belong together. @default '\n' */
  readonly unitEnd?: '\n' | '\n\n';
}

/**
 * Creates `<base><ending>`, written by whole lines: whatever happens, it ends at the end of a line. After a failed write
 * nothing more is written. Rejects with OUTPUT_EXISTS or OUTPUT_UNWRITABLE.
 */
export async function openLineFile(
  target: SinkTarget,
  ending: string,
  { unitEnd = '\n' }: LineFileOptions = {},
): Promise<LineFile> {
  const file = await openOutputFile(target, ending);
  /** Encoded as they come: lines are put together of hundreds of short texts, which the garbage collector would copy as often as they wait. */
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let failure: unknown;
  let closing: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    if (failure !== undefined) throw failure;
    if (pendingBytes === 0) return;
    const bytes = Buffer.concat(pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
    try {
      await file.append(bytes, (written) => {
        const last = bytes.subarray(0, written).lastIndexOf(unitEnd);
        return last < 0 ? 0 : last + unitEnd.length;
      });
    } catch (error) {
      failure = error;
      throw error;
    }
  };

  const finish = async (): Promise<void> => {
    try {
      await flush();
    } finally {
      await file.close();
    }
  };

  return {
    path: file.path,
    write(lines) {
      const bytes = Buffer.from(lines, 'utf8');
      pending.push(bytes);
      pendingBytes += bytes.length;
      return pendingBytes >= BUFFER_BYTES ? flush() : undefined;
    },
    flush,
    close() {
      closing ??= finish();
      return closing;
    },
  };
}

/** Opens several line files; when one cannot be opened, removes the others before it rejects. */
export async function openLineFiles<const E extends readonly string[]>(
  target: SinkTarget,
  endings: E,
  options: LineFileOptions = {},
): Promise<{ readonly [K in keyof E]: LineFile }> {
  const files: LineFile[] = [];
  try {
    for (const ending of endings) files.push(await openLineFile(target, ending, options));
  } catch (error) {
    for (const file of files) await discard(file);
    throw error;
  }
  return files as { readonly [K in keyof E]: LineFile };
}

/** Closes and removes a file that was just created and turned out not to be needed. */
export async function discard(file: { readonly path: string; close(): Promise<void> }): Promise<void> {
  await file.close().catch(() => undefined); // it is removed anyway
  await rm(file.path, { force: true });
}

/** Closes all, also when one fails, and rejects with the first failure. */
export async function closeAll(files: readonly { close(): Promise<void> }[]): Promise<void> {
  const results = await Promise.allSettled(files.map((file) => file.close()));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
