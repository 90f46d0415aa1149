import { Subject } from 'rxjs';
import type { Bus } from '../../src/cluster/connection.js';
import { busNames } from '../../src/cluster/names.js';

interface Message {
  readonly subject: string;
  readonly data: Uint8Array;
  respond(data: Uint8Array): boolean;
}
type Callback = (error: Error | null, message: Message) => void;

/** Messages of a bus in memory, delivered at once; no JetStream. */
export class MemoryBus {
  readonly names = busNames('site');
  readonly returns = new Subject<void>();
  /** Subjects of all that was published, in order. */
  readonly published: string[] = [];
  readonly #subscribers = new Set<{ readonly pattern: RegExp; readonly callback: Callback }>();
  connected = true;

  readonly connection = {
    subscribe: (subject: string, { callback }: { readonly callback: Callback }) => {
      const pattern = new RegExp(`^${subject.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`);
      const subscriber = { pattern, callback };
      this.#subscribers.add(subscriber);
      return { unsubscribe: () => void this.#subscribers.delete(subscriber) };
    },
    publish: (subject: string, data: Uint8Array = new Uint8Array()) => {
      this.published.push(subject);
      this.#deliver({ subject, data, respond: () => false });
    },
    request: (subject: string, data: Uint8Array): Promise<{ readonly data: Uint8Array }> =>
      new Promise((resolve, reject) => {
        const respond = (answer: Uint8Array): boolean => {
          resolve({ data: new Uint8Array(answer) });
          return true;
        };
        if (this.#deliver({ subject, data, respond }) === 0) reject(new Error('no responders'));
      }),
  };

  /** As the code under test takes it. */
  get bus(): Bus {
    return this as unknown as Bus;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  #deliver(message: Message): number {
    const asked = [...this.#subscribers].filter(({ pattern }) => pattern.test(message.subject));
    for (const { callback } of asked) callback(null, message);
    return asked.length;
  }
}
