import type { EngineCall, EngineOutcome } from '../../domain/insight.js';
import type { WordsReply } from './reply.js';

/** How a question can fail. */
export type Failure = Extract<EngineOutcome, { kind: 'failed' }>['reason'];

/** Failures after which the same question may be asked again. */
const MAY_PASS: readonly Failure[] = ['unreachable', 'timeout', 'overloaded'];

/** A question on the bus as the engine that asked it knows it; it settles once. */
export class AskedQuestion {
  readonly id: string;
  readonly outcome: Promise<EngineOutcome>;
  /** Its sequence number in the stream, once it is there. */
  place: number | null = null;
  /** Nobody waits for it: it is to be removed from the stream. */
  takenBack = false;
  readonly #engine: string;
  readonly #onText: EngineCall['onText'];
  readonly #ends: (() => void)[] = [];
  #resolve!: (outcome: EngineOutcome) => void;
  #settled = false;
  #begun = false;
  #delivery = 0;

  constructor(
    engine: string,
    /** Where it waits (question-line.ts). */
    readonly line: string,
    { id, onText }: { readonly id: string } & Pick<EngineCall, 'onText'>,
  ) {
    this.id = id;
    this.#engine = engine;
    this.#onText = onText;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Whether a node has taken it. */
  get begun(): boolean {
    return this.#begun;
  }

  /** What is to be done when it settles. */
  onSettled(end: () => void): void {
    this.#ends.push(end);
  }

  /** Takes what a node says. One that had it before another is listened to only for an answer. */
  hear(reply: WordsReply): void {
    const answers = reply.kind === 'outcome' && reply.outcome.kind === 'ok';
    if (this.#settled || (reply.delivery < this.#delivery && !answers)) return;
    this.#delivery = reply.delivery;
    this.#begun = reply.kind !== 'handed-back';
    if (reply.kind === 'text') this.#onText?.(reply.text);
    if (reply.kind === 'outcome') this.#settle(reply.outcome);
  }

  /** Settles it as failed, if it is open. @returns its outcome */
  fail(reason: Failure, why: string): Promise<EngineOutcome> {
    this.#settle({ kind: 'failed', reason, message: `${this.#engine}: ${why}`, retryable: MAY_PASS.includes(reason) });
    return this.outcome;
  }

  #settle(outcome: EngineOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#resolve(outcome);
    for (const end of this.#ends) end();
  }
}
