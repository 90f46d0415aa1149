/** A message for one client. */
export interface Outgoing {
  /** Metric label: "faces", "episode", … */
  readonly kind: string;
  /** A newer message of the same key replaces one that waits; null for what must arrive. */
  readonly key: string | null;
  readonly data: Uint8Array;
  readonly binary: boolean;
  /** performance.now() at which what it tells arrived; null where that is not measured. */
  readonly arrivedAtMs: number | null;
}

export interface OutboxLimits {
  readonly relaxedBytes: number;
  readonly hopelessBytes: number;
  readonly hopelessMs: number;
  readonly maxWaitingMessages: number;
}

/** What to do now. */
export interface Decision {
  /** To be written, in this order. */
  readonly send: readonly Outgoing[];
  /** Replaced by a newer one: never to be written. */
  readonly dropped: Outgoing | null;
  /** Too far behind: the client is to be sent away. */
  readonly hopeless: boolean;
}

const NOTHING: readonly Outgoing[] = [];

/**
 * What one client gets when it reads slowly. While its socket holds less than `relaxedBytes`, everything. Above, of
 * frame-rate messages (those with a key) only the newest waits, and all others wait in their order. A client with more
 * than `hopelessBytes` in socket and outbox, more than `maxWaitingMessages` waiting, or waiting for `hopelessMs`
 * without a pause, is hopeless.
 *
 * Pure: bytes in the socket and the time are given.
 */
export class Outbox {
  readonly #durable: Outgoing[] = [];
  readonly #newest = new Map<string, Outgoing>();
  #waitingBytes = 0;
  #behindSinceMs: number | null = null;

  constructor(private readonly limits: OutboxLimits) {}

  get waiting(): number {
    return this.#durable.length + this.#newest.size;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** @param bufferedBytes - bytes that the socket holds now */
  offer(message: Outgoing, bufferedBytes: number, nowMs: number): Decision {
    // The usual case, without a queue.
    if (this.waiting === 0 && bufferedBytes < this.limits.relaxedBytes) {
      return { send: [message], dropped: null, hopeless: false };
    }
    const dropped = this.#put(message);
    return { ...this.drain(bufferedBytes, nowMs), dropped };
  }

  /** To be asked again whenever the socket has written something, and once in a while. */
  drain(bufferedBytes: number, nowMs: number): Decision {
    const send = this.waiting > 0 && bufferedBytes < this.limits.relaxedBytes ? this.#take(bufferedBytes) : NOTHING;
    if (this.waiting === 0) this.#behindSinceMs = null;
    else this.#behindSinceMs ??= nowMs;
    return { send, dropped: null, hopeless: this.#hopeless(bufferedBytes, nowMs) };
  }

  #put(message: Outgoing): Outgoing | null {
    this.#waitingBytes += message.data.length;
    if (message.key === null) {
      this.#durable.push(message);
      return null;
    }
    const older = this.#newest.get(message.key) ?? null;
    if (older) this.#waitingBytes -= older.data.length;
    // Deleted first: the newest goes to the end of the order.
    this.#newest.delete(message.key);
    this.#newest.set(message.key, message);
    return older;
  }

  #take(bufferedBytes: number): Outgoing[] {
    let room = this.limits.relaxedBytes - bufferedBytes;
    let taken = 0;
    while (taken < this.#durable.length && room > 0) room -= this.#durable[taken++]!.data.length;
    const send = this.#durable.splice(0, taken);
    for (const [key, message] of this.#newest) {
      if (room <= 0) break;
      room -= message.data.length;
      this.#newest.delete(key);
      send.push(message);
    }
    for (const { data } of send) this.#waitingBytes -= data.length;
    return send;
  }

  #hopeless(bufferedBytes: number, nowMs: number): boolean {
    const { hopelessBytes, hopelessMs, maxWaitingMessages } = this.limits;
    return (
      bufferedBytes + this.#waitingBytes > hopelessBytes ||
      this.#durable.length > maxWaitingMessages ||
      (this.#behindSinceMs !== null && nowMs - this.#behindSinceMs > hopelessMs)
    );
  }
}
