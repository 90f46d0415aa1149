import type { AffectEvidence } from '../domain/affect.js';
import type { Insight, Keyframe, MllmTask } from '../domain/insight.js';
import type { JoinSlot } from './ordered-join.js';

/** What became of a question: the insight, it as evidence for its track, and the keyframe as it was offered. */
export interface Answered<K extends Keyframe = Keyframe> {
  readonly insight: Insight;
  /** Null when the answer is no evidence. */
  readonly evidence: AffectEvidence | null;
  readonly keyframe: K;
}

/** One task on one keyframe, until it is answered or dropped. */
export interface Job<K extends Keyframe = Keyframe> {
  readonly keyframe: K;
  readonly task: MllmTask;
  readonly offeredAtMs: number;
  readonly slot: JoinSlot<Answered<K>>;
  /** When it last began to wait. */
  waitingSinceMs: number;
  attempts: number;
}

export type TokenCount = Insight['tokens'];

/** First in, first out, in O(1), with a way back to the front. */
export class JobQueue<K extends Keyframe> {
  #jobs: (Job<K> | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#jobs.length - this.#head;
  }

  /** When the oldest began to wait; null when empty. */
  get oldestMs(): number | null {
    return this.#jobs[this.#head]?.waitingSinceMs ?? null;
  }

  push(job: Job<K>): void {
    this.#jobs.push(job);
  }

  pushFront(job: Job<K>): void {
    if (this.#head > 0) this.#jobs[--this.#head] = job;
    else this.#jobs.unshift(job);
  }

  shift(): Job<K> | undefined {
    if (this.size === 0) return undefined;
    const job = this.#jobs[this.#head];
    this.#jobs[this.#head++] = undefined;
    if (this.#head > 64 && this.#head * 2 > this.#jobs.length) {
      this.#jobs = this.#jobs.slice(this.#head);
      this.#head = 0;
    }
    return job;
  }
}
