import type { LiveInsight } from '../domain/live.js';
import type { InsightQuery } from './live-system.js';

/** The newest insights with their pictures, bounded by age and number: all that is kept of them. */
export class InsightWindow {
  readonly #options: { readonly retainMs: number; readonly capacity: number };
  #kept: LiveInsight[] = [];

  constructor(options: { readonly retainMs: number; readonly capacity: number }) {
    this.#options = options;
  }

  /** In its place by the time of its frame: answers come in any order. */
  add(insight: LiveInsight): void {
    const before = this.#kept.findLastIndex(({ wallTimeMs }) => wallTimeMs <= insight.wallTimeMs);
    this.#kept.splice(before + 1, 0, insight);
    if (this.#kept.length > this.#options.capacity) this.#kept.shift();
  }

  /** Newest first. */
  recent({ source, limit = 50 }: InsightQuery, nowMs: number): LiveInsight[] {
    const { retainMs } = this.#options;
    this.#kept = this.#kept.filter(({ wallTimeMs }) => wallTimeMs >= nowMs - retainMs);
    const found = source === undefined ? this.#kept : this.#kept.filter((item) => item.source === source);
    return found.slice(-limit).reverse();
  }

  dropSource(source: string): void {
    this.#kept = this.#kept.filter((item) => item.source !== source);
  }
}
