import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeepState, KeepStop } from '../domain/keeping.js';
import type { Clock } from '../rx/clock.js';

/** Pauses between tries to record again: doubled up to the longest. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** What a try must be able to write. */
const PROBE_BYTES = 64 * 1024;

const STOP_OF_CODE: Readonly<Record<string, KeepStop>> = {
  ENOSPC: 'disk full',
  EDQUOT: 'disk full',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'no permission',
};

/** Why a failed write stops the recording. */
export function stopOf(error: unknown): KeepStop {
  const { code, cause } = error as { readonly code?: string; readonly cause?: { readonly code?: string } };
  return STOP_OF_CODE[cause?.code ?? code ?? ''] ?? 'failed';
}

/** Bytes that are free to this user where a folder is. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

interface KeepHealthOptions {
  readonly folder: string;
  readonly minFreeBytes: number;
  readonly clock: Pick<Clock, 'wallTimeMs' | 'after'>;
  /** Replaces the question to the file system in tests. */
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly onChange: (state: KeepState) => void;
}

/** Whether what is kept can be written. Once it cannot, it is tried again and again until it can, or until closed. */
export class KeepHealth {
  readonly #options: KeepHealthOptions;
  #state: KeepState = { status: 'recording' };
  #pauseMs = FIRST_RETRY_MS;
  #cancel: () => void = () => undefined;
  #closed = false;

  constructor(options: KeepHealthOptions) {
    this.#options = options;
  }

  get state(): KeepState {
    return this.#state;
  }

  get recording(): boolean {
    return this.#state.status === 'recording';
  }

  /** A write failed. */
  failed(error: unknown): void {
    if (this.recording && !this.#closed)
      this.#stop(stopOf(error), new Date(this.#options.clock.wallTimeMs()).toISOString());
  }

  /** Asks how much is free; too little is as good as full. */
  async check(): Promise<void> {
    const { folder, freeBytes, minFreeBytes } = this.#options;
    if (!this.recording) return;
    try {
      if ((await freeBytes(folder)) < minFreeBytes) this.failed({ code: 'ENOSPC' });
    } catch (error) {
      this.failed(error);
    }
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #stop(reason: KeepStop, since: string): void {
    const { clock, onChange } = this.#options;
    const retryAt = new Date(clock.wallTimeMs() + this.#pauseMs).toISOString();
    this.#state = { status: 'stopped', reason, since, retryAt };
    this.#cancel = clock.after(this.#pauseMs, () => void this.#retry(since));
    this.#pauseMs = Math.min(LONGEST_RETRY_MS, this.#pauseMs * 2);
    onChange(this.#state);
  }

  async #retry(since: string): Promise<void> {
    const { folder, minFreeBytes, freeBytes, onChange } = this.#options;
    const probe = join(folder, '.probe');
    try {
      if ((await freeBytes(folder)) < minFreeBytes)
        throw Object.assign(new Error('too little is free'), { code: 'ENOSPC' });
      await writeFile(probe, Buffer.alloc(PROBE_BYTES));
      await rm(probe);
    } catch (error) {
      await rm(probe, { force: true }).catch(() => undefined); // The first failure is the cause.
      if (!this.#closed) this.#stop(stopOf(error), since);
      return;
    }
    if (this.#closed) return;
    this.#pauseMs = FIRST_RETRY_MS;
    this.#state = { status: 'recording' };
    onChange(this.#state);
  }
}
