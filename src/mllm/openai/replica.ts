import {
  type Circuit,
  type CircuitOptions,
  CLOSED,
  mayAsk,
  onAsk,
  onFailure,
  onNothing,
  onSuccess,
} from './circuit.js';
import type { TakenNumbers } from './face-numbers.js';
import { commonFeatures, type Features } from './features.js';
import type { ServedModel } from './wire.js';

/** One server that holds the model, and what is known of it. */
export class Replica {
  /** Requests under way. */
  outstanding = 0;
  features: Features;
  /** Its models; null: it could not be asked yet. */
  models: readonly ServedModel[] | null = [];
  /** Label sets whose first tokens collide there; prompts are few, so they are too. */
  readonly #letterSets = new Set<string>();
  #circuit: Circuit = CLOSED;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  /** @param baseUrl - ends in "/v1" or the like, without a slash */
  constructor(
    readonly baseUrl: string,
    features: Features,
    readonly circuitOptions: CircuitOptions,
  ) {
    this.features = features;
  }

  get circuit(): Circuit['kind'] {
    return this.#circuit.kind;
  }

  mayAsk(nowMs: number): boolean {
    return nowMs >= this.#notBeforeMs && mayAsk(this.#circuit, nowMs);
  }

  /** Whether it only asked for a pause. */
  isPausing(nowMs: number): boolean {
    return nowMs < this.#notBeforeMs && mayAsk(this.#circuit, nowMs);
  }

  usesLetters(labels: readonly string[]): boolean {
    return this.#letterSets.has(labels.join('\n'));
  }

  useLetters(labels: readonly string[]): void {
    this.#letterSets.add(labels.join('\n'));
  }

  /** What a model of it takes beside words and pictures. */
  numbersOf(model: string): TakenNumbers | null {
    return this.models?.find(({ id }) => id === model)?.numbers ?? null;
  }

  /** Never uses again what `features` does without. */
  forgo(features: Features): void {
    this.features = commonFeatures(this.features, features);
  }

  begin(): void {
    this.outstanding += 1;
    this.#circuit = onAsk(this.#circuit);
  }

  /** @param how - 'failure' counts towards opening the circuit; 'nothing' tells neither way */
  end(how: 'success' | 'failure' | 'nothing', at: { readonly nowMs: number; readonly spread: number }): void {
    this.outstanding -= 1;
    if (how === 'success') this.#circuit = onSuccess();
    else if (how === 'failure') this.#circuit = onFailure(this.#circuit, this.circuitOptions, at);
    else this.#circuit = onNothing(this.#circuit, at.nowMs);
  }

  /** Asked for a pause (Retry-After). */
  pause(untilMs: number): void {
    this.#notBeforeMs = Math.max(this.#notBeforeMs, untilMs);
  }
}

/** The replica with least requests under way among those that may be asked; of equals one drawn by `random`. */
export function leastOutstanding(
  replicas: readonly Replica[],
  options: { readonly nowMs: number; readonly avoid: ReadonlySet<Replica>; readonly random: () => number },
): Replica | null {
  const open = replicas.filter((replica) => replica.mayAsk(options.nowMs));
  const fresh = open.filter((replica) => !options.avoid.has(replica));
  const pool = fresh.length > 0 ? fresh : open;
  const least = Math.min(...pool.map(({ outstanding }) => outstanding));
  const equal = pool.filter(({ outstanding }) => outstanding === least);
  return equal[Math.floor(options.random() * equal.length)] ?? null;
}
