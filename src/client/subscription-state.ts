import type { MessageKind } from '../protocol/constants.js';
import type { ClientMessage } from '../protocol/messages.js';
import { MessageQueue } from './message-queue.js';
import type { SubscribeRequest, Subscription, SubscriptionMessage } from './types.js';

const KIND_OF: Readonly<Record<Exclude<SubscriptionMessage['type'], 'gap' | 'preview'>, MessageKind>> = {
  faces: 'faces',
  episode: 'episodes',
  insight: 'insights',
  rule: 'rules',
  writing: 'insights',
  state: 'states',
  removed: 'states',
  stats: 'stats',
};

function sourceOf(message: SubscriptionMessage): string | null {
  if (message.type === 'state') return message.state.id;
  return 'source' in message ? message.source : null;
}

/** One subscription over all connections: what it asked for, and up to where it has been told. */
export class SubscriptionState {
  /** The server confirmed it on this connection. */
  confirmed = false;
  #told: { readonly epoch: string; readonly seq: number } | null = null;
  readonly #queue: MessageQueue | null;

  constructor(
    readonly id: string,
    private readonly request: SubscribeRequest,
    private readonly listener: ((message: SubscriptionMessage) => void) | undefined,
  ) {
    this.#queue = listener ? null : new MessageQueue(id);
  }

  /** Sequence number up to which nothing is missing. */
  told(epoch: string, seq: number): void {
    this.#told = { epoch, seq };
  }

  /** The message that asks for it; from `start` on when it was never told anything. */
  subscribeMessage(start: { readonly epoch: string; readonly seq: number }): ClientMessage {
    this.#told ??= start;
    const durable = this.request.kinds.some((kind) => kind === 'episodes' || kind === 'insights' || kind === 'states');
    return {
      ...this.request,
      type: 'subscribe',
      id: this.id,
      sources: this.request.sources ?? '*',
      ...(durable ? { resume: this.#told } : {}),
    };
  }

  wants(message: SubscriptionMessage): boolean {
    if (message.type === 'gap' || message.type === 'preview') return message.id === this.id;
    if (!this.request.kinds.includes(KIND_OF[message.type])) return false;
    const source = sourceOf(message);
    const { sources = '*' } = this.request;
    return source === null || sources === '*' || sources.includes(source);
  }

  deliver(message: SubscriptionMessage): void {
    if (this.listener) this.listener(message);
    else this.#queue!.put(message);
  }

  close(): void {
    this.#queue?.close();
  }

  /** What the caller of subscribe gets. */
  handle(close: () => void): Subscription {
    const queue = this.#queue;
    return {
      id: this.id,
      close,
      [Symbol.asyncIterator]() {
        if (!queue) throw new TypeError('this subscription has a listener: iterate over one without');
        return {
          next: () => queue.take(),
          return: async () => {
            close();
            return { done: true, value: undefined };
          },
        };
      },
    };
  }
}
