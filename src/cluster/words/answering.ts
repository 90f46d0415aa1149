import { setMaxListeners } from 'node:events';
import type { EngineCapabilities, EngineOutcome, MllmEngine } from '../../domain/insight.js';
import { BATCH_DEFAULTS, type BatchOptions, decideBatch } from '../../mllm/batch.js';
import { callEngine, type TimedRequest } from '../../mllm/call-engine.js';
import {
  afterSample,
  createLimiter,
  freeSlots,
  LIMITER_DEFAULTS,
  type LimiterOptions,
  type LimiterState,
  loadOf,
} from '../../mllm/limiter.js';
import type { Clock } from '../../rx/clock.js';

/** A question that was taken and is to be answered. */
export interface TakenQuestion extends Omit<TimedRequest, 'deadlineMs'> {
  /** Age at which an answer is of no use, counted from when it was taken. */
  readonly lifeMs: number;
  readonly takenAtMs: number;
  /** Called once, with what the engine said. */
  readonly settle: (outcome: EngineOutcome, tookMs: number) => void;
}

/** How an engine is kept busy. */
export interface AnsweringOptions {
  readonly engine: MllmEngine;
  readonly capabilities: EngineCapabilities;
  readonly clock: Clock;
  readonly limiter?: Partial<LimiterOptions>;
  readonly batch?: Partial<BatchOptions>;
  readonly onBatch: (size: number) => void;
  /** Questions that the engine has, and those that may be under way at once. */
  readonly onLoad: (underWay: number, limit: number) => void;
}

/**
 * Keeps an engine as busy as it can be and no more: as many questions as its own answers show that it bears, put
 * together where it does not do so itself, whatever cameras and nodes they come from. Each settles alone.
 */
export class Answering {
  readonly #options: AnsweringOptions;
  readonly #limits: LimiterOptions;
  readonly #batch: BatchOptions;
  readonly #ending = new AbortController();
  readonly #waiters: (() => void)[] = [];
  #limiter: LimiterState;
  #waiting: TakenQuestion[] = [];
  #underWay = 0;
  #cancelLook: () => void = () => undefined;

  constructor(options: AnsweringOptions) {
    this.#options = options;
    this.#limits = { ...LIMITER_DEFAULTS, ...options.limiter };
    // An engine that makes batches of its own is asked at once.
    this.#batch = { ...BATCH_DEFAULTS, ...(options.capabilities.ownBatches ? { maxWaitMs: 0 } : {}), ...options.batch };
    this.#limiter = createLimiter(this.#limits);
    setMaxListeners(0, this.#ending.signal); // one per question under way, taken away with it
    this.#tellLoad();
  }

  /** Questions that may still be taken. */
  get room(): number {
    return freeSlots(this.#limiter, this.#underWay + this.#waiting.length);
  }

  /** Resolves when there is room, or when it ends. */
  async roomy(): Promise<void> {
    while (this.room === 0 && !this.#ending.signal.aborted)
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  take(question: TakenQuestion): void {
    this.#waiting.push(question);
    this.#pump();
  }

  /** Resolves when nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underWay + this.#waiting.length > 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Gives up all: each question settles as cancelled, soon. Idempotent. */
  end(): void {
    this.#ending.abort();
    this.#cancelLook();
    this.#ask(this.#waiting.splice(0));
    this.#tell();
  }

  #pump(): void {
    this.#cancelLook();
    for (;;) {
      const nowMs = this.#options.clock.nowMs();
      const { take, lookAgainAtMs } = decideBatch(
        {
          waiting: this.#waiting.length,
          oldestMs: this.#waiting[0]?.takenAtMs ?? null,
          freeSlots: freeSlots(this.#limiter, this.#underWay),
          nowMs,
        },
        this.#batch,
      );
      if (lookAgainAtMs !== null)
        this.#cancelLook = this.#options.clock.after(lookAgainAtMs - nowMs, () => this.#pump());
      if (take === 0) return;
      this.#ask(this.#waiting.splice(0, take));
    }
  }

  #ask(questions: readonly TakenQuestion[]): void {
    if (questions.length === 0) return;
    const { engine, clock, onBatch } = this.#options;
    const startedMs = clock.nowMs();
    this.#underWay += questions.length;
    this.#tellLoad();
    if (!this.#ending.signal.aborted) onBatch(questions.length);
    const timed = questions.map(({ lifeMs, takenAtMs, settle: _, ...asked }) => ({
      ...asked,
      deadlineMs: Math.max(0, lifeMs - (startedMs - takenAtMs)),
    }));
    for (const [index, coming] of callEngine(engine, timed, { clock, signal: this.#ending.signal }).entries())
      void coming.then((outcome) => this.#settle(questions[index]!, outcome, clock.nowMs() - startedMs));
  }

  #settle(question: TakenQuestion, outcome: EngineOutcome, latencyMs: number): void {
    const nowMs = this.#options.clock.nowMs();
    const sample = { signal: loadOf(outcome), latencyMs, inFlight: this.#underWay, nowMs };
    this.#limiter = afterSample(this.#limiter, this.#limits, sample);
    this.#underWay -= 1;
    this.#tellLoad();
    question.settle(outcome, latencyMs);
    if (!this.#ending.signal.aborted) this.#pump();
    this.#tell();
  }

  #tellLoad(): void {
    this.#options.onLoad(this.#underWay, Math.floor(this.#limiter.limit));
  }

  #tell(): void {
    for (const tell of this.#waiters.splice(0)) tell();
  }
}
