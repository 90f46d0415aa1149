import { randomUUID } from 'node:crypto';
import { type JetStreamClient, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { AffectError, errorWords } from '../../domain/errors.js';
import type { Adapters, EngineCall, EngineCapabilities, EngineOutcome, MllmEngine } from '../../domain/insight.js';
import type { Prompts } from '../../domain/prompt-template.js';
import { type Clock, SYSTEM_CLOCK } from '../../rx/clock.js';
import { AskedQuestion, type Failure } from './asked-question.js';
import { encodeQuestion } from './question.js';
import { questionLine } from './question-line.js';
import { decodeReply } from './reply.js';
import { type WordsSubjects, wordsSubjects } from './subjects.js';
import { type WatchedLink, watchLink } from './watch-link.js';
import { probeWords } from './words-probe.js';

/** How a node asks the words nodes of its site. */
export interface BusEngineOptions {
  /** Mends itself; closed by its owner, after this. */
  readonly connection: NatsConnection;
  /** Name of the site, a `BUS_NAME`: what all subjects begin with. */
  readonly site: string;
  /** The engine that the words nodes are configured to ask, by its id; its model as far as known before one answers. */
  readonly engine: Pick<MllmEngine, 'id' | 'model' | 'adapters' | 'prompts'>;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

/** Questions that are open at once, at most: who asks has bounds of its own, far below. */
const MOST_OPEN = 256;
/** Bytes of a message that are neither its own nor ours: headers of the bus. */
const OVERHEAD_BYTES = 1024;

/** An engine whose questions are answered by the words nodes of a site, whichever has time for one. */
export function createBusEngine(options: BusEngineOptions): BusEngine {
  return new BusEngine(options);
}

/**
 * Questions as jobs on the bus. The newest question of a face and task takes the place of one that no node has begun,
 * which settles as `superseded` at once. While the bus is away questions fail at once as `unreachable`, and those that
 * are open settle so. A question that is given up is taken back.
 */
export class BusEngine implements MllmEngine {
  readonly id: string;
  readonly adapters?: Adapters;
  readonly prompts?: Prompts;
  readonly #options: BusEngineOptions;
  readonly #clock: Clock;
  readonly #subjects: WordsSubjects;
  readonly #inbox = randomUUID();
  readonly #open = new Map<string, AskedQuestion>();
  /** The newest question of each line that is open. */
  readonly #newest = new Map<string, AskedQuestion>();
  readonly #stream: JetStreamClient;
  readonly #replies: Subscription;
  readonly #link: WatchedLink;
  #model: string;
  #closed = false;

  constructor(options: BusEngineOptions) {
    const { connection, site, engine, clock = SYSTEM_CLOCK } = options;
    this.#options = options;
    this.#clock = clock;
    this.id = engine.id;
    this.#model = engine.model;
    if (engine.adapters) this.adapters = engine.adapters;
    if (engine.prompts) this.prompts = engine.prompts;
    this.#subjects = wordsSubjects(site);
    this.#stream = jetstream(connection);
    this.#replies = connection.subscribe(this.#subjects.reply(this.#inbox, '*'), {
      callback: (error, { subject, data }) => {
        if (error === null) this.#hear(subject.slice(subject.lastIndexOf('.') + 1), data);
      },
    });
    this.#link = watchLink(connection, (up) => {
      if (!up) for (const asked of [...this.#open.values()]) asked.fail('unreachable', AWAY);
    });
  }

  /** As the words nodes call it, once they were asked. */
  get model(): string {
    return this.#model;
  }

  /** Asks the words nodes. Throws SERVER_UNREACHABLE where none answers, CONFIG_INVALID where they are not of a kind. */
  async probe(signal: AbortSignal): Promise<EngineCapabilities> {
    const { connection } = this.#options;
    if (!this.#link.up) throw new AffectError('SERVER_UNREACHABLE', AWAY);
    const found = await probeWords(connection, this.#subjects, { engine: this.id, signal });
    this.#model = found.model;
    return found.capabilities;
  }

  infer(calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[] {
    return calls.map((call) => this.#one(call));
  }

  /** Takes back what is open; idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const asked of [...this.#open.values()]) this.#giveUp(asked, 'cancelled', 'it was told to stop');
    this.#link.close();
    this.#replies.unsubscribe();
  }

  #one(call: EngineCall): Promise<EngineOutcome> {
    const { connection, timeoutMs } = this.#options;
    const { request, signal, onText } = call;
    const id = randomUUID();
    const asked = new AskedQuestion(this.id, questionLine(call, id), { id, ...(onText ? { onText } : {}) });
    if (signal.aborted || this.#closed) return asked.fail('cancelled', 'it was told to stop');
    if (!this.#link.up) return asked.fail('unreachable', AWAY);
    if (this.#open.size >= MOST_OPEN) return asked.fail('overloaded', `${MOST_OPEN} questions are open`);
    const tells = onText !== undefined;
    const body = encodeQuestion({ id, inbox: this.#inbox, engine: this.id, lifeMs: timeoutMs, tells, request });
    const room = (connection.info?.max_payload ?? Number.POSITIVE_INFINITY) - OVERHEAD_BYTES;
    if (body.length > room)
      return asked.fail(
        'refused',
        `a question of ${body.length} bytes does not fit on the bus; raise max_payload of nats-server, or lower mllm.imagePx`,
      );
    this.#await(asked, signal);
    void this.#publish(asked, body);
    return asked.outcome;
  }

  /** From now on it is open, until it settles. */
  #await(asked: AskedQuestion, signal: AbortSignal): void {
    const { id, line } = asked;
    const before = this.#newest.get(line);
    if (before && !before.begun) this.#supersede(before);
    this.#open.set(id, asked);
    this.#newest.set(line, asked);
    const onAbort = (): void => this.#giveUp(asked, 'cancelled', 'its answer is not waited for any more');
    const { timeoutMs } = this.#options;
    const cancelTimer = this.#clock.after(timeoutMs, () =>
      this.#giveUp(asked, 'timeout', `no words node answered within ${timeoutMs} ms`),
    );
    signal.addEventListener('abort', onAbort);
    asked.onSettled(() => {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      this.#open.delete(id);
      if (this.#newest.get(line) === asked) this.#newest.delete(line);
    });
  }

  async #publish(asked: AskedQuestion, body: Uint8Array): Promise<void> {
    const { timeoutMs } = this.#options;
    try {
      const subject = this.#subjects.question(asked.line);
      const { seq } = await this.#stream.publish(subject, body, { timeout: timeoutMs });
      asked.place = seq;
      if (asked.takenBack) await this.#takeBack(asked);
    } catch (error) {
      // The package's name for a subject that no stream listens to.
      const nobody = error instanceof Error && error.name === 'JetStreamNotEnabled';
      asked.fail('unreachable', nobody ? NOBODY : `the bus does not take it: ${errorWords(error)}`);
    }
  }

  #hear(id: string, data: Uint8Array): void {
    const asked = this.#open.get(id);
    if (!asked) return;
    const reply = decodeReply(data);
    if (reply === null) {
      asked.fail('malformed', 'a words node of another release answers; run the same one on all nodes');
      return;
    }
    asked.hear(reply);
    if (reply.kind === 'handed-back' && !asked.begun && this.#newest.get(asked.line) !== asked) this.#supersede(asked);
  }

  /** Nobody has begun it, and a newer one has its place on the bus. A node that just took it may leave it. */
  #supersede(asked: AskedQuestion): void {
    asked.fail('superseded', 'a newer question about the same face took its place');
    this.#tellGivenUp(asked);
  }

  #giveUp(asked: AskedQuestion, reason: Failure, why: string): void {
    asked.takenBack = true;
    asked.fail(reason, why);
    this.#tellGivenUp(asked);
    void this.#takeBack(asked);
  }

  #tellGivenUp({ id }: AskedQuestion): void {
    if (this.#link.up && !this.#options.connection.isClosed())
      this.#options.connection.publish(this.#subjects.givenUp, id);
  }

  /** Removes it from the bus, where it still waits. */
  async #takeBack({ place, begun }: AskedQuestion): Promise<void> {
    if (place === null || begun || !this.#link.up) return;
    try {
      const { streams } = await jetstreamManager(this.#options.connection, { checkAPI: false });
      await streams.deleteMessage(this.#subjects.stream, place, false);
    } catch {
      // It is gone already, or the bus is: the broker forgets it at the end of its life.
    }
  }
}

const AWAY = 'the bus is away';
const NOBODY = 'nobody takes questions from the bus; start a words node, and nats-server with JetStream';
