import type { EngineOutcome } from '../domain/insight.js';

/**
 * How many requests may be in flight, found by additive increase and multiplicative decrease (Chiu and Jain 1989; the
 * congestion control of TCP): grows by one per round of successes while the limit is used, shrinks at most once per
 * `cooldownMs` when the engine is overloaded, silent, or slower than `slowMs`.
 */
export interface LimiterOptions {
  readonly min: number;
  readonly max: number;
  readonly start: number;
  /** Factor of a decrease, above 0 and below 1. */
  readonly decrease: number;
  /** Latency beyond which a success counts as a sign of load. */
  readonly slowMs: number;
  readonly cooldownMs: number;
}

export const LIMITER_DEFAULTS: LimiterOptions = {
  min: 1,
  max: 32,
  start: 4,
  decrease: 0.7,
  slowMs: 10_000,
  cooldownMs: 1000,
};

export interface LimiterState {
  /** Fractional: the whole part is the limit. */
  readonly limit: number;
  readonly decreasedAtMs: number;
}

/** What is learnt from one request. `signal` 'none' says nothing about load (a refused question, a cancelled one). */
export interface LimiterSample {
  readonly signal: 'ok' | 'overload' | 'none';
  readonly latencyMs: number;
  /** Requests in flight when it ended, itself included. */
  readonly inFlight: number;
  readonly nowMs: number;
}

/** Outcomes that say the engine has too much to do. */
const OVERLOAD: readonly string[] = ['overloaded', 'timeout', 'unreachable'];

/** What an outcome says about load. */
export function loadOf(outcome: EngineOutcome): LimiterSample['signal'] {
  if (outcome.kind === 'ok') return 'ok';
  return OVERLOAD.includes(outcome.reason) ? 'overload' : 'none';
}

export function createLimiter(options: LimiterOptions): LimiterState {
  return {
    limit: Math.min(options.max, Math.max(options.min, options.start)),
    decreasedAtMs: Number.NEGATIVE_INFINITY,
  };
}

export function afterSample(state: LimiterState, options: LimiterOptions, sample: LimiterSample): LimiterState {
  const loaded = sample.signal === 'overload' || (sample.signal === 'ok' && sample.latencyMs > options.slowMs);
  if (loaded) {
    if (sample.nowMs - state.decreasedAtMs < options.cooldownMs) return state;
    return { limit: Math.max(options.min, state.limit * options.decrease), decreasedAtMs: sample.nowMs };
  }
  if (sample.signal !== 'ok' || sample.inFlight < Math.floor(state.limit)) return state;
  return { ...state, limit: Math.min(options.max, state.limit + 1 / state.limit) };
}

/** Requests that may still be started. */
export function freeSlots(state: LimiterState, inFlight: number): number {
  return Math.max(0, Math.floor(state.limit) - inFlight);
}
