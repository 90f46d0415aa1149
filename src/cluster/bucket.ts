import type { KV, KvEntry, KvWatchEntry } from '@nats-io/kv';
import { type Observable, Subject, type Subscription } from 'rxjs';
import { AffectError, errorWords } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import { type Bus, isConflict } from './connection.js';

/** A value as it was last seen in a bucket. */
export interface Entry<T> {
  readonly value: T;
  /** Rises with each change of anything in the bucket. */
  readonly revision: number;
}

/** A bucket of the key-value store, with a copy of it here that follows. */
export interface Bucket<T> {
  readonly entries: ReadonlyMap<string, Entry<T>>;
  /** Keys whose value changed or is gone. */
  readonly changes: Observable<string>;
  /**
   * Writes if the key is still at this revision; 0: if there is none.
   * @returns the new revision; null when somebody else was first. Throws when the bus does not answer.
   */
  write(key: string, value: T, revision: number): Promise<number | null>;
  /** Takes a key away if it is still at this revision. @returns whether it was */
  remove(key: string, revision: number): Promise<boolean>;
  close(): void;
}

/** How values of a bucket are written; `read` gives null for what is none of ours. */
export interface Codec<T> {
  write(value: T, key: string): Uint8Array;
  read(bytes: Uint8Array, key: string): T | null;
}

const FIRST_RETRY_MS = 250;
const DELETED = new Set(['DEL', 'PURGE']);

/** Opens a bucket, made when it is not there; resolves when the copy is whole. */
export async function openBucket<T>(
  bus: Bus,
  name: string,
  { codec, logger }: { readonly codec: Codec<T>; readonly logger: Pick<Logger, 'warn'> },
): Promise<Bucket<T>> {
  const kv = await bus.buckets.create(name, { history: 1 });
  const copy = new BucketCopy(kv, name, { codec, logger, isConnected: () => bus.connected });
  await copy.follow();
  copy.followAfter(bus.returns);
  return copy;
}

interface CopyOptions<T> {
  readonly codec: Codec<T>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly isConnected: () => boolean;
}

class BucketCopy<T> implements Bucket<T> {
  readonly entries = new Map<string, Entry<T>>();
  readonly #changes = new Subject<string>();
  readonly #options: CopyOptions<T>;
  #returns: Subscription | undefined;
  #watch: { stop(): void } | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly kv: KV,
    private readonly name: string,
    options: CopyOptions<T>,
  ) {
    this.#options = options;
  }

  get changes(): Observable<string> {
    return this.#changes;
  }

  async write(key: string, value: T, revision: number): Promise<number | null> {
    this.#needConnection();
    const bytes = this.#options.codec.write(value, key);
    try {
      const written = revision === 0 ? await this.kv.create(key, bytes) : await this.kv.update(key, bytes, revision);
      this.#set(key, { value, revision: written });
      return written;
    } catch (error) {
      if (isConflict(error)) return null;
      throw error;
    }
  }

  async remove(key: string, revision: number): Promise<boolean> {
    this.#needConnection();
    try {
      await this.kv.delete(key, { previousSeq: revision });
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
    this.#drop(key);
    return true;
  }

  /** What is sent while the bus is away would wait, and arrive when nobody means it any more. */
  #needConnection(): void {
    if (!this.#options.isConnected()) throw new AffectError('SERVER_UNREACHABLE', 'the bus is away: try again');
  }

  close(): void {
    this.#closed = true;
    this.#returns?.unsubscribe();
    clearTimeout(this.#retry);
    this.#watch?.stop();
    this.#changes.complete();
  }

  /** After an outage the watch of before may have died with the bus: everything is listed again. */
  followAfter(returns: Observable<void>): void {
    this.#returns = returns.subscribe(() => void this.#followAgain(FIRST_RETRY_MS));
  }

  async #followAgain(pauseMs: number): Promise<void> {
    try {
      await this.follow();
    } catch (error) {
      if (this.#closed) return;
      this.#options.logger.warn(`bus: bucket ${this.name} cannot be listed (${errorWords(error)}); trying again`);
      this.#retry = setTimeout(() => void this.#followAgain(Math.min(5_000, 2 * pauseMs)), pauseMs).unref();
    }
  }

  /** Lists everything and goes on with what changes; resolves when all that is there was listed. */
  async follow(): Promise<void> {
    clearTimeout(this.#retry);
    this.#watch?.stop();
    const watch = await this.kv.watch();
    if (this.#closed) return watch.stop();
    this.#watch = watch;
    const listed = new Set<string>();
    const whole = (await this.kv.status()).values === 0;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        for (const key of [...this.entries.keys()]) if (!listed.has(key)) this.#drop(key);
        resolve();
      };
      if (whole) settle();
      this.#read(watch, (entry) => {
        listed.add(entry.key);
        if (entry.delta === 0) settle();
      })
        .catch((error: unknown) => {
          this.#options.logger.warn(`bus: bucket ${this.name} is not followed: ${errorWords(error)}`);
        })
        .finally(resolve);
    });
  }

  async #read(watch: AsyncIterable<KvWatchEntry>, onEntry: (entry: KvWatchEntry) => void): Promise<void> {
    for await (const entry of watch) {
      this.#take(entry);
      onEntry(entry);
    }
  }

  #take(entry: KvEntry): void {
    const { key, revision, operation } = entry;
    const known = this.entries.get(key);
    if (known && known.revision >= revision) return;
    if (DELETED.has(operation)) {
      this.#drop(key);
      return;
    }
    const value = this.#options.codec.read(entry.value, key);
    if (value !== null) this.#set(key, { value, revision });
    else
      this.#options.logger.warn(
        `bus: ${key} of bucket ${this.name} cannot be read: another version, or another cluster.key`,
      );
  }

  #set(key: string, entry: Entry<T>): void {
    this.entries.set(key, entry);
    this.#changes.next(key);
  }

  #drop(key: string): void {
    if (this.entries.delete(key)) this.#changes.next(key);
  }
}
