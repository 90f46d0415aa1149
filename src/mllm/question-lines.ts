import type { EngineOutcome, Keyframe } from '../domain/insight.js';
import { type Job, JobQueue } from './job.js';
import { afterSample, createLimiter, freeSlots, type LimiterOptions, type LimiterState, loadOf } from './limiter.js';

/** Questions to one model, and how many of them may be under way. */
export class QuestionLine<K extends Keyframe> {
  readonly queue = new JobQueue<K>();
  inFlight = 0;
  #limiter: LimiterState;

  constructor(private readonly options: LimiterOptions) {
    this.#limiter = createLimiter(options);
  }

  get limit(): number {
    return Math.floor(this.#limiter.limit);
  }

  get freeSlots(): number {
    return freeSlots(this.#limiter, this.inFlight);
  }

  /** Learns from what came of a question, which is still counted as under way. */
  learn(outcome: EngineOutcome, latencyMs: number, nowMs: number): void {
    const sample = { signal: loadOf(outcome), latencyMs, inFlight: this.inFlight, nowMs };
    this.#limiter = afterSample(this.#limiter, this.options, sample);
  }
}

/**
 * A line for each model that answers: one that is slow, silent or overloaded holds up no question to another. An adapter
 * is a model of its own.
 */
export class QuestionLines<K extends Keyframe> {
  readonly #lines: ReadonlyMap<string, QuestionLine<K>>;

  constructor(models: readonly string[], limiter: LimiterOptions) {
    this.#lines = new Map(models.map((model) => [model, new QuestionLine<K>(limiter)]));
  }

  get all(): readonly QuestionLine<K>[] {
    return [...this.#lines.values()];
  }

  of(model: string): QuestionLine<K> {
    return this.#lines.get(model)!;
  }

  get waiting(): number {
    return this.#sum(({ queue }) => queue.size);
  }

  get inFlight(): number {
    return this.#sum(({ inFlight }) => inFlight);
  }

  get limit(): number {
    return this.#sum(({ limit }) => limit);
  }

  /** Takes out the question that has waited longest; undefined when none waits. */
  shiftOldest(): Job<K> | undefined {
    const since = ({ queue }: QuestionLine<K>): number => queue.oldestMs ?? Number.POSITIVE_INFINITY;
    return this.all.reduce((a, b) => (since(b) < since(a) ? b : a)).queue.shift();
  }

  #sum(count: (line: QuestionLine<K>) => number): number {
    return this.all.reduce((total, line) => total + count(line), 0);
  }
}
