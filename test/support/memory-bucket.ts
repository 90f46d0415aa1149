import { Subject } from 'rxjs';
import type { Bucket, Entry } from '../../src/cluster/bucket.js';

/** A bucket as the bus keeps it: one truth, of which each member has a copy that follows a little later. */
export class MemoryStore<T> {
  readonly truth = new Map<string, Entry<T>>();
  readonly #members = new Set<MemoryBucket<T>>();
  #revision = 0;

  /** The bucket of one more process. */
  open(): MemoryBucket<T> {
    const member = new MemoryBucket<T>(this);
    this.#members.add(member);
    member.heal();
    return member;
  }

  /** @returns the new revision; null when the key is not at this one */
  write(key: string, value: T | undefined, revision: number): number | null {
    if ((this.truth.get(key)?.revision ?? 0) !== revision) return null;
    this.#revision += 1;
    if (value === undefined) this.truth.delete(key);
    else this.truth.set(key, { value, revision: this.#revision });
    for (const member of this.#members) member.hear(key);
    return this.#revision;
  }
}

/** What goes wrong with the next write: the store never gets it, or it does and its answer is lost. */
type Fault = 'write lost' | 'answer lost';

export class MemoryBucket<T> implements Bucket<T> {
  readonly entries = new Map<string, Entry<T>>();
  readonly changes = new Subject<string>();
  readonly #store: MemoryStore<T>;
  #isCut = false;
  #faults: Fault[] = [];

  constructor(store: MemoryStore<T>) {
    this.#store = store;
  }

  /** No write arrives any more, and nothing is heard. */
  cut(): void {
    this.#isCut = true;
  }

  /** Writes arrive again. @param lists - what was missed is heard at once */
  heal(lists = true): void {
    this.#isCut = false;
    if (!lists) return;
    for (const key of new Set([...this.entries.keys(), ...this.#store.truth.keys()])) this.#copy(key);
  }

  failNext(fault: Fault): void {
    this.#faults.push(fault);
  }

  async write(key: string, value: T, revision: number): Promise<number | null> {
    return this.#send(key, value, revision);
  }

  async remove(key: string, revision: number): Promise<boolean> {
    return (await this.#send(key, undefined, revision)) !== null;
  }

  /** Something about a key happened at the store. */
  hear(key: string): void {
    void Promise.resolve().then(() => {
      if (!this.#isCut) this.#copy(key);
    });
  }

  close(): void {
    this.changes.complete();
  }

  async #send(key: string, value: T | undefined, revision: number): Promise<number | null> {
    await Promise.resolve();
    const fault = this.#faults.shift();
    if (this.#isCut || fault === 'write lost') throw new Error('the bus does not answer');
    const written = this.#store.write(key, value, revision);
    if (fault === 'answer lost') throw new Error('the bus does not answer');
    if (written !== null) this.#copy(key);
    return written;
  }

  #copy(key: string): void {
    const entry = this.#store.truth.get(key);
    const known = this.entries.get(key);
    if (entry?.revision === known?.revision) return;
    if (entry) this.entries.set(key, entry);
    else this.entries.delete(key);
    this.changes.next(key);
  }
}
