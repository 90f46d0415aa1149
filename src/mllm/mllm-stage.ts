import { setMaxListeners } from 'node:events';
import { type EngineOutcome, type Keyframe, modelOf } from '../domain/insight.js';
import { GIVEN_UP, type MllmDrop } from '../domain/mllm-outcomes.js';
import { decideBatch } from './batch.js';
import { callEngine } from './call-engine.js';
import { insightEvidence } from './evidence.js';
import { insightFromAnswer, tokensOf } from './insight-from-answer.js';
import type { Answered, Job } from './job.js';
import { jobRequest } from './job-request.js';
import { OrderedJoin } from './ordered-join.js';
import { parseAnswer } from './parse/parse-answer.js';
import { type QuestionLine, QuestionLines } from './question-lines.js';
import { StageCounts } from './stage-counts.js';
import {
  type MllmStageOptions,
  type MllmStats,
  type ResolvedStageOptions,
  resolveStageOptions,
} from './stage-options.js';
import { lookOn } from './writing.js';

/** Share of a question's life below which it is not asked any more. */
const LEAST_TIME_LEFT = 0.1;
/** First pause before a question is asked again (offline); it doubles each time, up to the longest. */
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/** What came of a question. */
interface Came<K extends Keyframe> {
  readonly job: Job<K>;
  /** Units whose measurement it told. */
  readonly told: readonly string[];
  readonly outcome: EngineOutcome;
}

/**
 * Keyframes in, insights out. offer() never waits and never runs the engine: whatever the engine does, the caller's
 * pace is its own. Every question ends in exactly one call of onInsight or onDrop, each with the keyframe as it was
 * offered: what the caller wants to know then, it adds to it.
 */
export class MllmStage<K extends Keyframe = Keyframe> {
  readonly #options: ResolvedStageOptions<K>;
  readonly #lines: QuestionLines<K>;
  readonly #join = new OrderedJoin<Answered<K>>();
  readonly #ordinals = new Map<string, number>();
  readonly #abort = new AbortController();
  readonly #roomWaiters: (() => void)[] = [];
  readonly #idleWaiters: (() => void)[] = [];
  readonly #retries = new Map<Job<K>, () => void>();
  readonly #counts = new StageCounts();
  #offered = 0;
  #cancelWake: (() => void) | null = null;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #closed = false;

  /** Throws CONFIG_INVALID. */
  constructor(options: MllmStageOptions<K>) {
    this.#options = resolveStageOptions(options);
    const { engine, tasks, limiter } = this.#options;
    this.#lines = new QuestionLines(
      tasks.map((task) => modelOf(engine, task)),
      limiter,
    );
    setMaxListeners(0, this.#abort.signal); // one per question in flight, taken away with it
  }

  /** Whether a keyframe would be taken now without waiting. Live stages always have room: the oldest makes way. */
  get hasRoom(): boolean {
    const { mode, tasks, queueCapacity, maxOpen } = this.#options;
    if (this.#closed || this.#join.size + tasks.length > maxOpen) return false;
    return mode === 'live' || this.#waiting + tasks.length <= queueCapacity;
  }

  /** Questions in the queue, and those that wait to be asked again. */
  get #waiting(): number {
    return this.#lines.waiting + this.#retries.size;
  }

  /** Takes a keyframe, or drops it with a count; synchronous, O(tasks). False when it was dropped. */
  offer(keyframe: K): boolean {
    const { mode, tasks, queueCapacity, clock } = this.#options;
    if (!this.hasRoom) {
      for (const task of tasks) this.#countDrop(keyframe, task, this.#closed ? 'shutdown' : 'queue-full');
      return false;
    }
    const nowMs = clock.nowMs();
    for (const task of tasks) {
      if (mode === 'live' && this.#lines.waiting >= queueCapacity) this.#drop(this.#lines.shiftOldest()!, 'superseded');
      // Live, nothing waits for what was asked before it: each question is a line of its own.
      const line = mode === 'live' ? `${++this.#offered}` : keyframe.source;
      const slot = this.#join.open(line, keyframe.ptsUs);
      this.#lineOf(task).queue.push({ keyframe, task, slot, offeredAtMs: nowMs, waitingSinceMs: nowMs, attempts: 0 });
    }
    this.#wake(nowMs);
    return true;
  }

  /** Resolves when offer() would take a keyframe (offline backpressure), or when the stage is closed. */
  async room(): Promise<void> {
    while (!this.hasRoom && !this.#closed) await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
  }

  /** Resolves when every question is answered or dropped. */
  async idle(): Promise<void> {
    while (this.#join.size > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  get stats(): MllmStats {
    return {
      waiting: this.#waiting,
      inFlight: this.#lines.inFlight,
      held: this.#join.size - this.#waiting - this.#lines.inFlight,
      limit: this.#lines.limit,
      ...this.#counts.stats(),
    };
  }

  /** Cancels what is in flight, drops what waits, and closes the engine; idempotent. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#cancelWake?.();
      for (const cancel of this.#retries.values()) cancel();
      for (const job of this.#retries.keys()) this.#drop(job, 'shutdown');
      this.#retries.clear();
      for (let job = this.#lines.shiftOldest(); job; job = this.#lines.shiftOldest()) this.#drop(job, 'shutdown');
      this.#abort.abort();
      this.#tellWaiters();
    }
    await this.idle();
    await this.#options.engine.close();
  }

  /** Looks at the queue at `atMs`, or earlier when that is planned already. */
  #wake(atMs: number): void {
    if (this.#closed || atMs >= this.#wakeAtMs) return;
    this.#cancelWake?.();
    this.#wakeAtMs = atMs;
    this.#cancelWake = this.#options.clock.after(atMs - this.#options.clock.nowMs(), () => {
      this.#cancelWake = null;
      this.#wakeAtMs = Number.POSITIVE_INFINITY;
      this.#pump();
    });
  }

  #pump(): void {
    for (const line of this.#lines.all) this.#pumpLine(line);
    this.#tellWaiters();
  }

  #pumpLine(line: QuestionLine<K>): void {
    const { queue } = line;
    for (;;) {
      const nowMs = this.#options.clock.nowMs();
      this.#dropStale(line, nowMs);
      const { take, lookAgainAtMs } = decideBatch(
        { waiting: queue.size, oldestMs: queue.oldestMs, freeSlots: line.freeSlots, nowMs },
        this.#options.batch,
      );
      if (lookAgainAtMs !== null) this.#wake(lookAgainAtMs);
      if (take === 0) return;
      this.#ask(
        line,
        Array.from({ length: take }, () => queue.shift()!),
      );
    }
  }

  /** Questions to the model that answers a task. */
  #lineOf(task: Job['task']): QuestionLine<K> {
    return this.#lines.of(modelOf(this.#options.engine, task));
  }

  /** Live: whether a question has no time left for an answer. */
  #isStale(job: Job<K>, nowMs: number): boolean {
    const { mode, maxAgeMs } = this.#options;
    return mode === 'live' && nowMs - job.offeredAtMs >= maxAgeMs * (1 - LEAST_TIME_LEFT);
  }

  /** Gives up the stale questions; the oldest are in front. */
  #dropStale({ queue }: QuestionLine<K>, nowMs: number): void {
    const stale: Job<K>[] = [];
    for (let job = queue.shift(); job; job = queue.shift()) {
      if (!this.#isStale(job, nowMs)) {
        queue.pushFront(job);
        break;
      }
      stale.push(job);
    }
    for (const job of stale) this.#drop(job, 'stale');
  }

  /** Puts questions as one batch; what comes of each is dealt with when it comes, whatever the others do. */
  #ask(line: QuestionLine<K>, jobs: readonly Job<K>[]): void {
    const { engine, clock, mode, requestDeadlineMs, maxAgeMs } = this.#options;
    const startedMs = clock.nowMs();
    line.inFlight += jobs.length;
    this.#counts.asked(jobs.length);
    this.#options.onBatch(jobs.length);
    const questions = jobs.map((job) => {
      const leftMs = maxAgeMs - (startedMs - job.offeredAtMs);
      const deadlineMs = mode === 'live' ? Math.min(requestDeadlineMs, leftMs) : requestDeadlineMs;
      const face = { source: job.keyframe.source, track: job.keyframe.track };
      return { ...jobRequest(job, this.#options), deadlineMs, face, ...lookOn(job, this.#options) };
    });
    const coming = callEngine(engine, questions, { clock, signal: this.#abort.signal });
    for (const [index, outcome] of coming.entries()) {
      const { told } = questions[index]!;
      void outcome.then((came) =>
        this.#take(line, { job: jobs[index]!, told, outcome: came, tookMs: clock.nowMs() - startedMs }),
      );
    }
  }

  #take(line: QuestionLine<K>, { tookMs, ...came }: Came<K> & { readonly tookMs: number }): void {
    const { outcome } = came;
    line.learn(outcome, tookMs, this.#options.clock.nowMs());
    line.inFlight -= 1;
    this.#settle(came);
    this.#options.onOutcome({ outcome, tookMs });
    if (!this.#closed) this.#pump();
    this.#tellWaiters();
  }

  #settle({ job, told, outcome }: Came<K>): void {
    if (outcome.kind === 'failed') {
      if (!GIVEN_UP.includes(outcome.reason)) this.#counts.lastFailure = outcome.message;
      this.#fail(job, outcome);
      return;
    }
    const { engine, clock, prompts, capabilities } = this.#options;
    const { keyframe, task } = job;
    const template = prompts[task]!;
    const prefill = capabilities.prefill ? template.prefill : null;
    const parsed = parseAnswer({ task, answer: outcome.answer, candidates: template.candidates, prefill });
    const tokens = tokensOf(outcome.answer);
    const repeats = capabilities.readings === true;
    const evidence = repeats ? null : insightEvidence({ ...keyframe, ...parsed }, this.#options.evidence);
    const insight = insightFromAnswer({
      keyframe,
      task,
      promptId: template.id,
      engine: { id: engine.id, model: modelOf(engine, task) },
      parsed,
      told,
      repeats,
      tokens,
      truncated: outcome.answer.truncated,
      latencyMs: clock.nowMs() - job.offeredAtMs,
      evidence,
    });
    this.#counts.answered(insight, tokens);
    this.#release(this.#join.settle(job.slot, { insight, evidence, keyframe }));
  }

  /** Offline, what may pass is asked again after a pause; else it is dropped. */
  #fail(job: Job<K>, outcome: Extract<EngineOutcome, { kind: 'failed' }>): void {
    const { mode, maxAttempts, clock } = this.#options;
    job.attempts += 1;
    if (mode === 'live' || this.#closed || !outcome.retryable || job.attempts >= maxAttempts) {
      const cutShort = outcome.reason === 'timeout' && this.#isStale(job, clock.nowMs());
      this.#drop(job, this.#closed ? 'shutdown' : cutShort ? 'stale' : outcome.reason);
      return;
    }
    const pauseMs = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** (job.attempts - 1));
    const cancel = clock.after(pauseMs, () => {
      this.#retries.delete(job);
      job.waitingSinceMs = clock.nowMs();
      this.#lineOf(job.task).queue.pushFront(job);
      this.#wake(clock.nowMs());
    });
    this.#retries.set(job, cancel);
  }

  #drop(job: Job<K>, reason: MllmDrop): void {
    this.#countDrop(job.keyframe, job.task, reason);
    this.#release(this.#join.settle(job.slot, null));
  }

  #countDrop(keyframe: K, task: Job['task'], reason: MllmDrop): void {
    this.#counts.dropped(reason);
    this.#options.onDrop({ keyframe, task, reason });
  }

  #release(answers: readonly Answered<K>[]): void {
    for (const { insight, ...rest } of answers) {
      const ordinal = (this.#ordinals.get(insight.source) ?? 0) + 1;
      this.#ordinals.set(insight.source, ordinal);
      this.#counts.told();
      const id = `${insight.source}/${insight.track}/insight/${ordinal}`;
      this.#options.onInsight({ ...rest, insight: { ...insight, id } });
    }
  }

  #tellWaiters(): void {
    if (this.hasRoom || this.#closed) for (const tell of this.#roomWaiters.splice(0)) tell();
    if (this.#join.size === 0) for (const tell of this.#idleWaiters.splice(0)) tell();
  }
}
