import type { Adapters, EngineCall, EngineCapabilities, EngineOutcome, MllmEngine } from '../domain/insight.js';
import { type OpenAiEngineOptions, type ResolvedEngineOptions, resolveEngineOptions } from './openai/engine-options.js';
import { exchange } from './openai/exchange.js';
import { ALL_FEATURES, type Features } from './openai/features.js';
import { failed, failureOf, isUnanswered } from './openai/outcome.js';
import { probeReplicas } from './openai/probe.js';
import { leastOutstanding, Replica } from './openai/replica.js';

/** First pause before another try; it doubles each time. */
const PAUSE_MS = 250;
/** Longest pause that a server may ask for itself. */
const LONGEST_REST_MS = 10 * 60_000;

/** A replica as seen from outside. */
export interface ReplicaStatus {
  /** Its address without path. */
  readonly origin: string;
  readonly outstanding: number;
  readonly circuit: 'closed' | 'open' | 'half-open';
  readonly features: Features;
}

/**
 * A multimodal LLM behind any OpenAI-compatible server: vLLM, SGLang, LMDeploy, llama.cpp, Ollama, `transformers serve`.
 * Requests go as they come: these servers batch by themselves. Each goes to the replica with least under way;
 * a dead one is left alone but for a trial now and then. Only what was certainly not answered is sent again.
 */
export class OpenAiEngine implements MllmEngine {
  readonly id: string;
  readonly model: string;
  readonly adapters: Adapters;
  readonly #options: ResolvedEngineOptions;
  readonly #replicas: readonly Replica[];
  readonly #closing = new AbortController();

  /** Throws CONFIG_INVALID; sends nothing yet. */
  constructor(options: OpenAiEngineOptions) {
    this.#options = resolveEngineOptions(options);
    this.id = options.id;
    this.model = options.model;
    this.adapters = this.#options.adapters;
    const { urls, circuit } = this.#options;
    this.#replicas = urls.map((url) => new Replica(url, ALL_FEATURES, circuit));
  }

  get replicas(): readonly ReplicaStatus[] {
    return this.#replicas.map(({ baseUrl, outstanding, circuit, features }) => ({
      origin: new URL(baseUrl).origin,
      outstanding,
      circuit,
      features,
    }));
  }

  /** Lists the models and asks each replica small questions; what one of them cannot do, none is asked. */
  probe(signal: AbortSignal): Promise<EngineCapabilities> {
    return probeReplicas({ replicas: this.#replicas, options: this.#options, signal });
  }

  infer(calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[] {
    return calls.map((call) => this.#one({ ...call, signal: AbortSignal.any([call.signal, this.#closing.signal]) }));
  }

  /** Cancels what is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
  }

  /** One request, on one replica after the other as long as it was certainly not answered. */
  async #one({ request, signal, onText }: EngineCall): Promise<EngineOutcome> {
    const { retries, maxPauseMs, clock, random, keyVariable } = this.#options;
    const tried = new Set<Replica>();
    let restedUntilMs = Number.NEGATIVE_INFINITY; // a timer may fire a little before its time by the clock
    for (let attempt = 0; ; attempt += 1) {
      const nowMs = Math.max(clock.nowMs(), restedUntilMs);
      const replica = leastOutstanding(this.#replicas, { nowMs, avoid: tried, random });
      if (replica === null) return this.#nobody(nowMs);
      const result = await exchange(replica, request, {
        options: this.#options,
        signal,
        ...(onText ? { onText } : {}),
      });
      if (result.kind === 'ok') return result;
      if (result.kind === 'no-completion') return failed('malformed', `${this.id} sent no chat completion`, false);
      const { http } = result;
      const restMs = http.kind === 'status' ? http.retryAfterMs : null;
      if (restMs !== null) replica.pause(clock.nowMs() + Math.min(restMs, LONGEST_REST_MS));
      const outcome = failureOf(http, this.id, keyVariable);
      if (!isUnanswered(http) || attempt >= retries) return outcome;
      tried.add(replica);
      const others = this.#replicas.some((other) => !tried.has(other) && other.mayAsk(clock.nowMs()));
      const pauseMs = others ? 0 : Math.max(restMs ?? 0, PAUSE_MS * 2 ** attempt * (1 + random()));
      if (pauseMs > maxPauseMs) return outcome;
      restedUntilMs = clock.nowMs() + pauseMs;
      if (!(await this.#pause(pauseMs, signal))) return failureOf({ kind: 'cancelled' }, this.id, keyVariable);
    }
  }

  /** Why no replica may be asked now. */
  #nobody(nowMs: number): EngineOutcome {
    return this.#replicas.some((replica) => replica.isPausing(nowMs))
      ? failed('overloaded', `${this.id} asked for a pause`, true)
      : failed('circuit-open', `${this.id} is not asked now: it failed several times in a row`, true);
  }

  /** False when it was cut short. */
  #pause(pauseMs: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const onAbort = (): void => {
        cancel();
        resolve(false);
      };
      const cancel = this.#options.clock.after(pauseMs, () => {
        signal.removeEventListener('abort', onAbort);
        resolve(true);
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
