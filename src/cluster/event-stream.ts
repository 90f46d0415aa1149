import { DeliverPolicy, DiscardPolicy, type JsMsg, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { errorWords } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import type { Bus } from './connection.js';
import { type Told, unpackTold } from './wire.js';

/** Longest memory of the stream, beyond what a gateway keeps for clients: a new holder looks for what has no end. */
const KEPT_MS = 15 * 60_000;
const MAX_MESSAGES = 200_000;
const MAX_BYTES = 1024 * 2 ** 20;
/** The bus knows for so long which messages it has, and takes none twice. */
const TWICE_MS = 2 * 60_000;

/** Past events are read in parts. */
const FETCHED = 500;
const FETCH_MS = 2_000;

/** An event with its number. */
export interface Numbered {
  /** Rises by one over all cameras. */
  readonly seq: number;
  /** When the bus took it, Date.now() scale of the bus. */
  readonly atMs: number;
  /** Null where it cannot be read; its number is taken nevertheless. */
  readonly event: Told | null;
}

/** Makes the stream of events where there is none. @returns its identity: numbers belong to it */
export async function openEventStream({ manager, names }: Bus): Promise<string> {
  const config = {
    name: names.eventStream,
    subjects: [names.allEvents],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(KEPT_MS),
    max_msgs: MAX_MESSAGES,
    max_bytes: MAX_BYTES,
    duplicate_window: nanos(TWICE_MS),
  };
  const { created } = await manager.streams
    .info(names.eventStream)
    .catch(() => manager.streams.add(config))
    // Another node made it at the same moment.
    .catch(() => manager.streams.info(names.eventStream));
  return identity(created);
}

const identity = (created: string): string => created.replaceAll(/[^0-9]/g, '');

const numbered = (message: JsMsg): Numbered => ({
  seq: message.seq,
  atMs: Math.floor(message.info.timestampNanos / 1e6),
  event: unpackTold(message.data),
});

export interface FollowOptions {
  readonly sinceMs: number;
  readonly onEvent: (event: Numbered) => void;
  /** The stream is another than it was: numbers begin anew. */
  readonly onReplaced: () => void;
  readonly logger: Pick<Logger, 'warn'>;
}

/** What is numbered, from a moment on, in order and without a gap, over outages of the bus. */
export class EventFollower {
  #last = 0;
  #reading: { stop(): void } | undefined;
  #returns: { unsubscribe(): void } | undefined;
  #retry: NodeJS.Timeout | undefined;
  #turn = 0;
  #closed = false;

  constructor(
    private readonly bus: Bus,
    private readonly identity: string,
    private readonly options: FollowOptions,
  ) {}

  /** Number of the newest event before those that are told. */
  get before(): number {
    return this.#last;
  }

  /** Resolves when everything that was there has been told. */
  async start(onFirst: (before: number) => void): Promise<void> {
    const { state } = await this.bus.manager.streams.info(this.bus.names.eventStream);
    const from = new Date(Date.now() - this.options.sinceMs);
    const consumer = await this.bus.jetstream.consumers.get(this.bus.names.eventStream, {
      deliver_policy: DeliverPolicy.StartTime,
      opt_start_time: from.toISOString(),
    });
    const { num_pending: pending } = await consumer.info();
    this.#last = state.last_seq - Math.min(pending, state.messages);
    onFirst(this.#last);
    await this.#read(consumer, state.last_seq);
    this.#returns = this.bus.returns.subscribe(() => void this.#again());
  }

  close(): void {
    this.#closed = true;
    this.#returns?.unsubscribe();
    clearTimeout(this.#retry);
    this.#reading?.stop();
  }

  /** Reads on; resolves when number `until` was told. */
  async #read(consumer: { consume(options: object): Promise<{ stop(): void }> }, until: number): Promise<void> {
    const turn = ++this.#turn;
    let reached: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      reached = resolve;
    });
    if (this.#last >= until) reached();
    this.#reading?.stop();
    this.#reading = await consumer.consume({
      callback: (message: JsMsg) => {
        if (turn !== this.#turn || this.#closed || message.seq <= this.#last) return;
        this.#last = message.seq;
        this.options.onEvent(numbered(message));
        if (message.seq >= until) reached();
      },
    });
    await done;
  }

  /** The consumer of before may have died with the bus: reading goes on after the last that was told. */
  async #again(): Promise<void> {
    clearTimeout(this.#retry);
    if (this.#closed) return;
    const { manager, jetstream, names } = this.bus;
    try {
      const { created, state } = await manager.streams.info(names.eventStream);
      if (identity(created) !== this.identity || state.last_seq < this.#last) return this.options.onReplaced();
      const consumer = await jetstream.consumers.get(names.eventStream, {
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: this.#last + 1,
      });
      await this.#read(consumer, state.last_seq);
    } catch (error) {
      if (this.#closed) return;
      this.options.logger.warn(`bus: events cannot be read (${errorWords(error)}); trying again`);
      this.#retry = setTimeout(() => void this.#again(), 1_000).unref();
    }
  }
}

/** What a camera told that the stream still has, oldest first. Throws when the bus does not give it. */
export async function pastEvents({ jetstream, names, manager }: Bus, camera: string): Promise<Numbered[]> {
  const subject = names.events(camera);
  const last = await manager.streams.getMessage(names.eventStream, { last_by_subj: subject });
  if (!last) return [];
  const consumer = await jetstream.consumers.get(names.eventStream, {
    filter_subjects: subject,
    deliver_policy: DeliverPolicy.All,
  });
  const past: Numbered[] = [];
  while ((past.at(-1)?.seq ?? 0) < last.seq) {
    const before = past.length;
    for await (const message of await consumer.fetch({ max_messages: FETCHED, expires: FETCH_MS })) {
      past.push(numbered(message));
      if (message.seq >= last.seq) break;
    }
    if (past.length === before) throw new Error(`the past of camera ${camera} was not given within ${FETCH_MS} ms`);
  }
  return past;
}
