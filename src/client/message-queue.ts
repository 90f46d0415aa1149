import type { GapMessage, SubscriptionMessage } from './types.js';

/** Key under which a newer message replaces a waiting older one; null for what must not be lost. */
function replaceKey(message: SubscriptionMessage): string | null {
  switch (message.type) {
    case 'faces':
    case 'preview':
      return `${message.type} ${message.source}`;
    case 'stats':
      return 'stats';
    default:
      return null;
  }
}

/** Messages of one subscription between socket and iteration: bounded, newest of frame-rate messages, order kept. */
export class MessageQueue {
  readonly #waiting = new Map<string, SubscriptionMessage>();
  readonly #readers: ((result: IteratorResult<SubscriptionMessage>) => void)[] = [];
  #next = 0;
  #lost: GapMessage | null = null;
  #closed = false;

  /** @param limit - messages that may wait; beyond it the oldest goes and the reader gets a gap */
  constructor(
    private readonly id: string,
    private readonly limit = 1024,
  ) {}

  put(message: SubscriptionMessage): void {
    if (this.#closed) return;
    const reader = this.#readers.shift();
    if (reader) {
      reader({ done: false, value: message });
      return;
    }
    const key = replaceKey(message) ?? `# ${this.#next++}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, message);
    if (this.#waiting.size <= this.limit) return;
    const [oldest] = this.#waiting.keys();
    this.#waiting.delete(oldest!);
    this.#lost = { type: 'gap', id: this.id };
  }

  close(): void {
    this.#closed = true;
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });
  }

  take(): Promise<IteratorResult<SubscriptionMessage>> {
    const lost = this.#lost;
    if (lost) {
      this.#lost = null;
      return Promise.resolve({ done: false, value: lost });
    }
    for (const [key, value] of this.#waiting) {
      this.#waiting.delete(key);
      return Promise.resolve({ done: false, value });
    }
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#readers.push(resolve));
  }
}
