import { JetStreamApiError } from '@nats-io/jetstream';
import { Subject } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Bucket, openBucket } from '../../../src/cluster/bucket.js';
import { type Bus, WRONG_LAST_SEQUENCE } from '../../../src/cluster/connection.js';
import { leaseCodec } from '../../../src/cluster/lease-codec.js';
import type { Lease } from '../../../src/cluster/plan-leases.js';
import { settled } from '../../support/manual-clock.js';

interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly revision: number;
  readonly operation: 'PUT' | 'DEL';
  /** How many more are listed after it. */
  readonly delta: number;
}

/** The part of a key-value store of NATS that a bucket uses. */
class Store {
  readonly entries = new Map<string, { value: Uint8Array; revision: number }>();
  readonly #watches = new Set<(entry: Entry) => void>();
  #revision = 0;
  away = false;

  async create(key: string, value: Uint8Array): Promise<number> {
    return this.update(key, value, 0);
  }
  async update(key: string, value: Uint8Array, revision: number): Promise<number> {
    this.#check(key, revision);
    return this.put(key, value);
  }
  async delete(key: string, { previousSeq }: { previousSeq: number }): Promise<void> {
    this.#check(key, previousSeq);
    this.take(key);
  }
  async status(): Promise<{ values: number }> {
    return { values: this.entries.size };
  }
  async watch(): Promise<AsyncIterable<Entry> & { stop(): void }> {
    if (this.away) throw new Error('timeout');
    const queue: Entry[] = [...this.entries].map(([key, entry], at) => ({
      key,
      ...entry,
      operation: 'PUT',
      delta: this.entries.size - 1 - at,
    }));
    let wake: () => void = () => undefined;
    let stopped = false;
    const push = (entry: Entry): void => {
      queue.push(entry);
      wake();
    };
    this.#watches.add(push);
    const stop = (): void => {
      stopped = true;
      this.#watches.delete(push);
      wake();
    };
    return {
      stop,
      async *[Symbol.asyncIterator]() {
        while (!stopped) {
          const next = queue.shift();
          if (next) yield next;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      },
    };
  }

  /** Somebody else writes, or takes away. */
  put(key: string, value: Uint8Array): number {
    this.#revision += 1;
    this.entries.set(key, { value, revision: this.#revision });
    this.#tell({ key, value, revision: this.#revision, operation: 'PUT', delta: 0 });
    return this.#revision;
  }
  take(key: string): void {
    this.#revision += 1;
    this.entries.delete(key);
    this.#tell({ key, value: new Uint8Array(), revision: this.#revision, operation: 'DEL', delta: 0 });
  }
  /** Those who watch hear nothing more, and do not know it. */
  forgetWatches(): void {
    this.#watches.clear();
  }

  #check(key: string, revision: number): void {
    if (this.away) throw new Error('timeout');
    if ((this.entries.get(key)?.revision ?? 0) === revision) return;
    throw new JetStreamApiError({ code: 400, err_code: WRONG_LAST_SEQUENCE, description: 'wrong last sequence' });
  }
  #tell(entry: Entry): void {
    for (const push of this.#watches) push(entry);
  }
}

const leaseOf = (node: string | null, fence = 1): Lease => ({ node, fence, tracks: 0 });
const bytesOf = (lease: Lease): Uint8Array => leaseCodec.write(lease, '');

describe('a bucket', () => {
  let store: Store;
  let returns: Subject<void>;
  let connected: boolean;
  let log: string[];
  let bucket: Bucket<Lease>;
  let changes: string[];
  const nodes = (): Record<string, string | null> =>
    Object.fromEntries([...bucket.entries].map(([key, { value }]) => [key, value.node]));

  async function open(): Promise<void> {
    const bus = {
      buckets: { create: async () => store },
      returns,
      get connected() {
        return connected;
      },
    };
    const logger = { warn: (line: string) => void log.push(line) };
    bucket = await openBucket(bus as unknown as Bus, 'site_leases', { codec: leaseCodec, logger });
    bucket.changes.subscribe((key) => changes.push(key));
  }
  beforeEach(() => {
    store = new Store();
    returns = new Subject();
    connected = true;
    [log, changes] = [[], []];
  });

  it('is open once all that is there is known', async () => {
    await open();
    expect(nodes()).toEqual({});
    for (const key of ['c1', 'c2', 'c3']) store.put(key, bytesOf(leaseOf(key)));
    await open();
    expect(nodes()).toEqual({ c1: 'c1', c2: 'c2', c3: 'c3' });
  });

  it('follows what others write and take away', async () => {
    await open();
    store.put('c1', bytesOf(leaseOf('a')));
    store.put('c2', bytesOf(leaseOf('a')));
    store.put('c1', bytesOf(leaseOf('b')));
    store.take('c2');
    await settled();
    expect([nodes(), changes]).toEqual([{ c1: 'b' }, ['c1', 'c2', 'c1', 'c2']]);
  });

  it('writes only what nobody has written since, and knows at once what it wrote', async () => {
    await open();
    expect(await bucket.write('c1', leaseOf('a'), 0)).toBe(1);
    expect(bucket.entries.get('c1')).toEqual({ value: leaseOf('a'), revision: 1 });
    expect(await bucket.write('c1', leaseOf('b'), 0)).toBeNull();
    expect(await bucket.write('c1', leaseOf('b'), 1)).toBe(2);
    expect(await bucket.write('c1', leaseOf('c'), 1)).toBeNull();
    await settled();
    expect(nodes()).toEqual({ c1: 'b' });
    expect(await bucket.remove('c1', 1)).toBe(false);
    expect(await bucket.remove('c1', 2)).toBe(true);
    expect(nodes()).toEqual({});
  });

  it('throws what the bus does not answer, and sends nothing while it is away', async () => {
    await open();
    store.away = true;
    await expect(bucket.write('c1', leaseOf('a'), 0)).rejects.toThrow('timeout');
    store.away = false;
    connected = false;
    await expect(bucket.write('c1', leaseOf('a'), 0)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    await expect(bucket.remove('c1', 0)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect(store.entries.size).toBe(0);
  });

  it('after an outage it hears what it missed, what was taken away included', async () => {
    await open();
    for (const key of ['c1', 'c2', 'c3']) store.put(key, bytesOf(leaseOf('a')));
    await settled();
    changes.length = 0;
    store.forgetWatches();
    store.put('c1', bytesOf(leaseOf('b')));
    store.take('c2');
    await settled();
    expect(nodes()).toEqual({ c1: 'a', c2: 'a', c3: 'a' });
    returns.next();
    await settled();
    expect(nodes()).toEqual({ c1: 'b', c3: 'a' });
    expect(changes.sort()).toEqual(['c1', 'c2']);
    store.put('c3', bytesOf(leaseOf('b')));
    await settled();
    expect(nodes()).toEqual({ c1: 'b', c3: 'b' });
  });

  it('what cannot be read is left out, with a word', async () => {
    store.put('c1', Buffer.from('of another program'));
    store.put('c2', bytesOf(leaseOf('a')));
    await open();
    expect(nodes()).toEqual({ c2: 'a' });
    expect(log).toEqual(['bus: c1 of bucket site_leases cannot be read: another version, or another cluster.key']);
  });

  it('a closed one follows nothing more', async () => {
    await open();
    bucket.close();
    store.put('c1', bytesOf(leaseOf('a')));
    returns.next();
    await settled();
    expect(nodes()).toEqual({});
  });
});

describe('leaseCodec', () => {
  it.each([leaseOf('a'), leaseOf(null, 7), { node: 'a', fence: 1, tracks: 1_040 }])(
    '%j comes back the same',
    (lease) => {
      expect(leaseCodec.read(bytesOf(lease), 'c1')).toEqual(lease);
    },
  );

  it.each(['', 'text', 'null', '[]', '{}', '{"node":1,"fence":1,"tracks":0}', '{"node":"a","fence":"1","tracks":0}'])(
    '%j is no lease',
    (text) => expect(leaseCodec.read(Buffer.from(text), 'c1')).toBeNull(),
  );
});
