import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { EngineOutcome } from '../../domain/insight.js';
import type { Telemetry } from '../../domain/telemetry.js';
import { throttled } from '../../mllm/writing.js';
import type { Clock } from '../../rx/clock.js';
import type { TakenQuestion } from './answering.js';
import { HeldQuestion } from './held-question.js';
import { type BusQuestion, decodeQuestion, QUESTION_VERSION } from './question.js';
import { MOST_DELIVERIES } from './question-stream.js';
import type { WordsSubjects } from './subjects.js';

/** Failures of this node, not of the question: another node shall try. */
const ANOTHER_SHALL_TRY: readonly string[] = ['unreachable', 'circuit-open', 'overloaded', 'cancelled'];
/** Of these, the ones that say that the engine is not there. */
const ENGINE_AWAY: readonly string[] = ['unreachable', 'circuit-open'];

/** Whose questions a desk takes, and whom it tells. */
export interface QuestionDeskOptions {
  readonly connection: NatsConnection;
  readonly subjects: WordsSubjects;
  /** Name of this node, for messages. */
  readonly node: string;
  /** Id of the engine that answers. */
  readonly engine: string;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'wordsAnswered'>;
  /** False while what is said does not reach the bus. */
  readonly linked: () => boolean;
  /** The engine answered; or it said that it is not there. */
  readonly onEngine: (there: boolean) => void;
}

/** The questions that a node has taken: each is answered, refused or given back, and then let go of. */
export class QuestionDesk {
  readonly #options: QuestionDeskOptions;
  readonly #held = new Map<string, HeldQuestion>();

  constructor(options: QuestionDeskOptions) {
    this.#options = options;
  }

  /** Takes what came from the bus. @returns the question, or null where it was refused or is here already */
  take(message: JsMsg): TakenQuestion | null {
    const { node, engine, telemetry } = this.#options;
    const arrived = decodeQuestion(message.data);
    if (arrived.kind === 'unreadable') {
      telemetry.wordsAnswered(0, 'malformed');
      message.ack();
      return null;
    }
    if (arrived.kind === 'foreign') {
      const versions = `version ${arrived.version} of questions, not ${QUESTION_VERSION}`;
      return this.#refuse(
        message,
        arrived,
        `the words node ${node} cannot read ${versions}; run one release on all nodes`,
      );
    }
    const { question } = arrived;
    if (question.engine !== engine)
      return this.#refuse(
        message,
        question,
        `the words node ${node} asks ${engine}, not ${question.engine}; give all nodes the same mllm.engine`,
      );
    // A node that hung gets its own question a second time; it has it still.
    return this.#held.has(question.id) ? null : this.#hold(message, question);
  }

  /** Nobody waits for an answer to this one any more. */
  giveUp(id: string): void {
    this.#held.get(id)?.giveUp();
  }

  /** Says that this node still has what it has. */
  keep(): void {
    if (this.#options.linked()) for (const held of this.#held.values()) held.keep();
  }

  #refuse(message: JsMsg, asker: Pick<BusQuestion, 'id' | 'inbox'>, why: string): null {
    this.#options.telemetry.wordsAnswered(0, 'refused');
    const outcome: EngineOutcome = { kind: 'failed', reason: 'refused', message: why, retryable: false };
    const held = new HeldQuestion(message, asker, this.#options);
    held.tell({ kind: 'outcome', outcome });
    held.done();
    return null;
  }

  #hold(message: JsMsg, { id, inbox, lifeMs, tells, request }: BusQuestion): TakenQuestion {
    const { clock } = this.#options;
    const held = new HeldQuestion(message, { id, inbox }, this.#options);
    this.#held.set(id, held);
    held.tell({ kind: 'begun' });
    const onText = throttled(clock, (text) => {
      if (this.#options.linked()) held.tell({ kind: 'text', text });
    });
    return {
      request,
      lifeMs,
      takenAtMs: clock.nowMs(),
      givenUp: held.givenUp,
      ...(tells ? { onText } : {}),
      settle: (outcome, tookMs) => this.#settle(id, held, outcome, tookMs),
    };
  }

  #settle(id: string, held: HeldQuestion, outcome: EngineOutcome, tookMs: number): void {
    const { telemetry, linked, onEngine } = this.#options;
    this.#held.delete(id);
    const reason = outcome.kind === 'ok' ? 'ok' : outcome.reason;
    if (outcome.kind === 'ok' || ENGINE_AWAY.includes(reason)) onEngine(outcome.kind === 'ok');
    const another = ANOTHER_SHALL_TRY.includes(reason) && !held.givenUp.aborted && held.delivery < MOST_DELIVERIES;
    // Without a link the bus gives it to another node by itself: this one has fallen silent.
    telemetry.wordsAnswered(tookMs, another || !linked() ? 'handed-back' : reason);
    if (!linked()) return;
    if (another) {
      held.handBack();
      return;
    }
    if (!held.givenUp.aborted) held.tell({ kind: 'outcome', outcome });
    held.done();
  }
}
