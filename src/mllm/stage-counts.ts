import type { Insight } from '../domain/insight.js';
import type { MllmDrop } from '../domain/mllm-outcomes.js';
import type { TokenCount } from './job.js';
import type { MllmStats } from './stage-options.js';
import { EMPTY_TALLY, engineRates, tallyInsight } from './tally.js';

/** What a stage has counted since it began. */
export class StageCounts {
  readonly #drops: Partial<Record<MllmDrop, number>> = {};
  #requests = 0;
  #batches = 0;
  #insights = 0;
  #tokens = { prompt: 0, completion: 0 };
  #tally = EMPTY_TALLY;
  /** One line about the last failure; null while there was none. */
  lastFailure: string | null = null;

  asked(questions: number): void {
    this.#requests += questions;
    this.#batches += 1;
  }

  answered(insight: Insight, tokens: TokenCount): void {
    this.#tokens = {
      prompt: this.#tokens.prompt + (tokens.prompt ?? 0),
      completion: this.#tokens.completion + (tokens.completion ?? 0),
    };
    this.#tally = tallyInsight(this.#tally, insight);
  }

  told(): void {
    this.#insights += 1;
  }

  dropped(reason: MllmDrop): void {
    this.#drops[reason] = (this.#drops[reason] ?? 0) + 1;
  }

  stats(): Omit<MllmStats, 'waiting' | 'inFlight' | 'held' | 'limit'> {
    return {
      requests: this.#requests,
      batches: this.#batches,
      insights: this.#insights,
      drops: { ...this.#drops },
      tokens: { ...this.#tokens },
      tally: this.#tally,
      rates: engineRates(this.#tally),
      lastFailure: this.lastFailure,
    };
  }
}
