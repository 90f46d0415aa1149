import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../holding/write-whole.js';

/** A message that waits. `key` is the same at every try, and after a restart. */
export interface Waiting {
  readonly key: string;
  /** Date.now() scale: when it was made. */
  readonly madeAtMs: number;
  readonly body: string;
}

interface DiskQueueOptions {
  readonly folder: string;
  /** The oldest go first. */
  readonly maxWaiting: number;
  readonly onDropped: (message: Waiting) => void;
  /** A message is kept in memory only, or what is on disk cannot be read. */
  readonly onProblem: (error: unknown) => void;
}

const NAME = /^(\d{15})-(\d{6})-([0-9a-f-]{36})\.json$/;

/**
 * Messages in the order in which they were made, each in a file of its own that is there from before its first try
 * until it is done. Files of the last run come first. A disk that takes no more costs a message its file, not itself.
 */
export class DiskQueue {
  readonly #options: DiskQueueOptions;
  #waiting: { readonly message: Waiting; readonly file: string; readonly written: Promise<void> }[];
  #ordinal = 0;

  private constructor(
    options: DiskQueueOptions,
    found: readonly { readonly message: Waiting; readonly file: string }[],
  ) {
    this.#options = options;
    this.#waiting = found.map((each) => ({ ...each, written: Promise.resolve() }));
  }

  /** Throws what the file system throws when the folder cannot be made or read. */
  static async open(options: DiskQueueOptions): Promise<DiskQueue> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const found: { message: Waiting; file: string }[] = [];
    for (const name of (await readdir(options.folder)).sort()) {
      const file = join(options.folder, name);
      const [, madeAtMs, , key] = NAME.exec(name) ?? [];
      if (name.endsWith('.part')) await rm(file, { force: true });
      if (key === undefined) continue;
      try {
        const body = await readFile(file, 'utf8');
        found.push({ message: { key, madeAtMs: Number(madeAtMs), body }, file });
      } catch (error) {
        options.onProblem(error);
      }
    }
    const queue = new DiskQueue(options, found);
    queue.#makeRoom();
    return queue;
  }

  get size(): number {
    return this.#waiting.length;
  }

  get first(): Waiting | undefined {
    return this.#waiting[0]?.message;
  }

  /** Takes a message at once; its file follows, and is there before `stored` resolves. */
  add(body: string, madeAtMs: number): void {
    const message = { key: randomUUID(), madeAtMs, body };
    const order = `${String(madeAtMs).padStart(15, '0')}-${String(this.#ordinal++ % 1e6).padStart(6, '0')}`;
    const file = join(this.#options.folder, `${order}-${message.key}.json`);
    const written = writeWhole(file, body, 0o600).catch((error: unknown) => this.#options.onProblem(error));
    this.#waiting.push({ message, file, written });
    this.#makeRoom();
  }

  /** Resolves when what was added is on disk, or cannot be. */
  async stored(): Promise<void> {
    await Promise.all(this.#waiting.map(({ written }) => written));
  }

  /** Takes a message out, done or given up. @returns false when it was out already */
  async remove(message: Waiting): Promise<boolean> {
    const found = this.#waiting.find((each) => each.message === message);
    if (!found) return false;
    this.#waiting = this.#waiting.filter((each) => each !== found);
    await found.written;
    await rm(found.file, { force: true }).catch((error: unknown) => this.#options.onProblem(error));
    return true;
  }

  #makeRoom(): void {
    for (const { message } of this.#waiting.slice(0, Math.max(0, this.#waiting.length - this.#options.maxWaiting))) {
      void this.remove(message);
      this.#options.onDropped(message);
    }
  }
}
