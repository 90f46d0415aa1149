import type { Consumer } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { backoffMs } from '../../domain/backoff.js';
import { AffectError, errorWords } from '../../domain/errors.js';
import { type EngineCapabilities, MEASURED, type MllmEngine } from '../../domain/insight.js';
import type { Logger } from '../../domain/logger.js';
import type { Telemetry } from '../../domain/telemetry.js';
import type { BatchOptions } from '../../mllm/batch.js';
import type { LimiterOptions } from '../../mllm/limiter.js';
import { type Clock, SYSTEM_CLOCK } from '../../rx/clock.js';
import { untilAborted } from '../../rx/until-aborted.js';
import { Answering } from './answering.js';
import { QuestionDesk } from './question-desk.js';
import { openQuestions } from './question-stream.js';
import { type WordsSubjects, wordsSubjects } from './subjects.js';
import { type WatchedLink, watchLink } from './watch-link.js';
import { encodeNode } from './words-probe.js';

/** How a node answers the questions of its site. */
export interface WordsServerOptions {
  /** Mends itself; closed by its owner, after this. */
  readonly connection: NatsConnection;
  /** Name of the site, a `BUS_NAME`: what all subjects begin with. */
  readonly site: string;
  /** Name of this node, for messages. */
  readonly node: string;
  /** What answers; it is closed with this. Any but the one that answers from measurements, which needs no other node. */
  readonly engine: MllmEngine;
  /** How long a question is worth an answer, and the longest wait for the engine to say what it can do. */
  readonly timeoutMs: number;
  readonly telemetry: Pick<Telemetry, 'wordsAsked' | 'wordsAnswered' | 'wordsLoad'>;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** How many questions the engine has at once: its answers move it within these bounds. */
  readonly limiter?: Partial<LimiterOptions>;
  /** How questions are put together for an engine that does not do so itself. */
  readonly batch?: Partial<BatchOptions>;
  /** Silence of a node after which its questions are given to another. @default 3,000 */
  readonly silenceMs?: number;
}

const SILENCE_MS = 3000;
/** A pull is renewed after so long without a question. */
const PULL_MS = 5000;
/** Pauses before another try, while the engine or the queue cannot be had. */
const RETRY = { firstMs: 500, longestMs: 30_000 };
/** Longest wait at the end for what was given back to reach the bus. */
const FLUSH_MS = 1000;

/** Begins to answer the questions of a site; returns at once. Throws CONFIG_INVALID. */
export function startWordsServer(options: WordsServerOptions): WordsServer {
  return new WordsServer(options);
}

/**
 * Takes questions from the bus as its engine has room, and answers each on its own. A question is this node's as long as
 * it says so again and again: when it falls silent, another node gets it. While the engine or the bus is away it takes
 * none, and tries again until it is closed; what it has then is given back.
 */
export class WordsServer {
  readonly #options: WordsServerOptions;
  readonly #clock: Clock;
  readonly #subjects: WordsSubjects;
  readonly #desk: QuestionDesk;
  readonly #closing = new AbortController();
  readonly #link: WatchedLink;
  readonly #unsubscribe: () => void;
  readonly #running: Promise<void>;
  /** Ends the spell in which questions are taken. */
  #shift = new AbortController();
  #answering: Answering | null = null;
  #capabilities: EngineCapabilities | null = null;
  #cancelKeeping: () => void = () => undefined;
  #wake: () => void = () => undefined;
  #failures = 0;

  constructor(options: WordsServerOptions) {
    const { connection, site, engine, clock = SYSTEM_CLOCK } = options;
    if (engine.id === MEASURED)
      throw new AffectError('CONFIG_INVALID', 'the engine measured needs no words nodes; leave the role words out');
    this.#options = options;
    this.#clock = clock;
    this.#subjects = wordsSubjects(site);
    this.#link = watchLink(connection, (up) => this.#turned(up));
    this.#desk = new QuestionDesk({
      ...options,
      clock,
      subjects: this.#subjects,
      engine: engine.id,
      linked: () => this.#link.up,
      onEngine: (there) => {
        if (there) this.#failures = 0;
        else this.#shift.abort(new Error(`${engine.id} is not there`));
      },
    });
    const probes = connection.subscribe(this.#subjects.probe, {
      callback: (error, message) => {
        if (error === null && this.#answering && this.#capabilities)
          message.respond(this.#introduction(this.#capabilities));
      },
    });
    const givenUp = connection.subscribe(this.#subjects.givenUp, {
      callback: (error, message) => {
        if (error === null) this.#desk.giveUp(message.string());
      },
    });
    this.#unsubscribe = () => {
      probes.unsubscribe();
      givenUp.unsubscribe();
    };
    this.#keep();
    this.#running = this.#run();
  }

  /** True while it takes questions. */
  get serving(): boolean {
    return this.#answering !== null;
  }

  /** Gives back what it has and closes the engine; idempotent. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return this.#running;
    this.#closing.abort();
    this.#shift.abort();
    this.#answering?.end();
    this.#wake();
    await this.#running;
    this.#cancelKeeping();
    if (this.#link.up) {
      this.#unsubscribe();
      await this.#flush();
    }
    this.#link.close();
    await this.#options.engine.close();
  }

  /** One spell after the other, until it is closed. */
  async #run(): Promise<void> {
    const { logger, random = Math.random } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#shift = new AbortController();
      try {
        if (this.#link.up) await this.#serve(this.#shift.signal);
        else await this.#pause(null);
      } catch (error) {
        if (signal.aborted) return;
        const level = this.#failures === 0 ? 'warn' : 'debug';
        logger[level](`words: no questions are taken: ${errorWords(error)}; trying again in the background`);
        await this.#pause(backoffMs(this.#failures, { ...RETRY, random: random() }));
        this.#failures += 1;
      }
    }
  }

  /** Takes questions until the shift ends; what was taken has settled then. Throws when engine or queue are not there. */
  async #serve(shift: AbortSignal): Promise<void> {
    const { connection, engine, timeoutMs, silenceMs = SILENCE_MS, limiter, batch, telemetry, logger } = this.#options;
    const patience = AbortSignal.any([shift, AbortSignal.timeout(timeoutMs)]);
    const late = (): Error => new Error(`${engine.id} does not say what it can do`);
    const capabilities = await untilAborted(engine.probe(patience), patience, late);
    const stopped = (): Error => new Error('the bus is away');
    const opening = openQuestions(connection, this.#subjects, { lifeMs: timeoutMs, silenceMs });
    const consumer = await untilAborted(opening, shift, stopped);
    const answering = new Answering({
      engine,
      capabilities,
      clock: this.#clock,
      onBatch: (size) => telemetry.wordsAsked(size),
      onLoad: (underWay, limit) => telemetry.wordsLoad(underWay, limit),
      ...(limiter ? { limiter } : {}),
      ...(batch ? { batch } : {}),
    });
    this.#capabilities = capabilities;
    this.#answering = answering;
    logger.info(`words: takes questions for ${engine.model}`);
    try {
      while (!shift.aborted) await this.#pull(consumer, answering, shift);
    } finally {
      if (this.#closing.signal.aborted || !this.#link.up) answering.end();
      await answering.idle();
      this.#answering = null;
      telemetry.wordsLoad(0, 0);
    }
    if (!this.#closing.signal.aborted && this.#link.up) throw shift.reason;
  }

  /** As many questions as there is room for; ends when they are here, after a while, or with the shift. */
  async #pull(consumer: Consumer, answering: Answering, shift: AbortSignal): Promise<void> {
    await answering.roomy();
    if (shift.aborted) return;
    const messages = await consumer.fetch({ max_messages: answering.room, expires: PULL_MS });
    const stop = (): void => messages.stop();
    shift.addEventListener('abort', stop);
    if (shift.aborted) stop();
    try {
      for await (const message of messages) {
        const taken = this.#desk.take(message);
        if (taken) answering.take(taken);
      }
    } finally {
      shift.removeEventListener('abort', stop);
    }
  }

  #turned(up: boolean): void {
    if (up) this.#wake();
    else {
      this.#shift.abort();
      this.#answering?.end();
    }
  }

  /** Until it is woken: by the link, by close(), or after a time. */
  async #pause(ms: number | null): Promise<void> {
    let cancel: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (ms !== null) cancel = this.#clock.after(ms, resolve);
      if (this.#closing.signal.aborted) resolve();
    });
    cancel();
  }

  /** Says again and again that what it has is still here, until it is closed. */
  #keep(): void {
    const { silenceMs = SILENCE_MS } = this.#options;
    this.#cancelKeeping = this.#clock.after(silenceMs / 3, () => {
      this.#desk.keep();
      this.#keep();
    });
  }

  #introduction(capabilities: EngineCapabilities): Uint8Array {
    const { node, engine } = this.#options;
    return encodeNode({ node, engine: engine.id, model: engine.model, capabilities });
  }

  async #flush(): Promise<void> {
    const patience = AbortSignal.timeout(FLUSH_MS);
    const late = (): Error => new Error('the bus does not answer');
    // What did not get through is given to another node when this one has been silent for long enough.
    await untilAborted(this.#options.connection.flush(), patience, late).catch(() => undefined);
  }
}
