import type { NotifyOutcome } from '../domain/notify-outcomes.js';
import type { Clock } from '../rx/clock.js';
import { DiskQueue, type Waiting } from './disk-queue.js';
import type { PostOptions, PostOutcome } from './post-message.js';
import { signatureOf } from './signature.js';

export interface WebhookSenderOptions {
  readonly target: { readonly id: string; readonly url: string; readonly secret: string; readonly timeoutMs: number };
  /** Of this target alone. */
  readonly folder: string;
  readonly maxWaiting: number;
  readonly keepForMs: number;
  readonly agent: string;
  readonly clock: Pick<Clock, 'wallTimeMs' | 'after'>;
  readonly post: (options: PostOptions) => Promise<PostOutcome>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** @param waiting - messages that wait now */
  readonly onOutcome: (outcome: NotifyOutcome, waiting: number) => void;
  /** One line for an operator. */
  readonly warn: (line: string) => void;
  readonly info: (line: string) => void;
}

/** First and longest pause between tries. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Delivers messages to one webhook, in order, one at a time, until each is taken, refused or too old. */
export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #queue: DiskQueue;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  #wake: () => void = () => undefined;
  #failures = 0;

  private constructor(options: WebhookSenderOptions, queue: DiskQueue) {
    this.#options = options;
    this.#queue = queue;
    this.#done = this.#deliver();
  }

  /** Opens the queue, and begins with what the last run left in it. Throws what the file system throws. */
  static async start(options: WebhookSenderOptions): Promise<WebhookSender> {
    const { target, warn, onOutcome } = options;
    let diskFull = false;
    const queue: DiskQueue = await DiskQueue.open({
      folder: options.folder,
      maxWaiting: options.maxWaiting,
      onDropped: () => onOutcome('dropped', options.maxWaiting),
      onProblem: (error) => {
        if (!diskFull) {
          const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
          warn(`webhook ${target.id}: messages cannot be kept on disk (${why}), and are lost if mien stops`);
        }
        diskFull = true;
      },
    });
    return new WebhookSender(options, queue);
  }

  /** Takes a message: it is kept until it is delivered, refused, too old, or one of too many. */
  send(body: string): void {
    if (this.#closing.signal.aborted) return;
    this.#queue.add(body, this.#options.clock.wallTimeMs());
    this.#wake();
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Gives up the try in progress; what waits stays on disk. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    await this.#done;
    await this.#queue.stored();
  }

  async #deliver(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const message = this.#queue.first;
      if (message === undefined) await this.#pause(null);
      else await this.#try(message);
    }
  }

  async #try(message: Waiting): Promise<void> {
    const { target, keepForMs, clock, post, agent } = this.#options;
    if (clock.wallTimeMs() - message.madeAtMs > keepForMs) return this.#settle(message, 'expired');
    await this.#queue.stored();
    const headers = {
      'content-type': 'application/json',
      'user-agent': agent,
      'idempotency-key': message.key,
      'mien-signature': signatureOf(message.body, target.secret, Math.floor(clock.wallTimeMs() / 1000)),
    };
    const { signal } = this.#closing;
    const outcome = await post({ url: target.url, headers, body: message.body, timeoutMs: target.timeoutMs, signal });
    switch (outcome.kind) {
      case 'delivered':
        return this.#settle(message, 'delivered');
      case 'refused':
        this.#options.warn(`webhook ${target.id}: ${outcome.problem}; the message is given up`);
        return this.#settle(message, 'refused');
      case 'again':
        if (!signal.aborted) await this.#again(outcome);
    }
  }

  async #again({ problem, afterMs }: Extract<PostOutcome, { kind: 'again' }>): Promise<void> {
    const { target, warn, random, onOutcome } = this.#options;
    if (this.#failures === 0) warn(`webhook ${target.id}: ${problem}; tried again until it is taken`);
    this.#failures++;
    onOutcome('failed', this.#queue.size);
    const bound = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(20, this.#failures - 1));
    await this.#pause(Math.max(afterMs ?? 0, bound * (0.5 + random() / 2)));
  }

  async #settle(message: Waiting, outcome: NotifyOutcome): Promise<void> {
    const waited = await this.#queue.remove(message);
    if (outcome === 'delivered') {
      if (this.#failures > 0) this.#options.info(`webhook ${this.#options.target.id}: takes messages again`);
      this.#failures = 0;
    }
    if (waited) this.#options.onOutcome(outcome, this.#queue.size);
  }

  /** Until that time has passed or it is closed; without a time, until a message comes. */
  #pause(ms: number | null): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      let cancel = (): void => undefined;
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        this.#wake = () => undefined;
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      else if (ms === null) this.#wake = end;
      else cancel = this.#options.clock.after(ms, end);
    });
  }
}
