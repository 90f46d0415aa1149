import type { LiveEvent } from '../domain/live.js';
import type { FiringStatus, RuleStatus } from '../domain/rule-status.js';
import type { Rule, RuleFiring } from '../domain/rules.js';

export interface RuleFiringsOptions {
  readonly rules: readonly Rule[];
  /** Firings that ended so long ago are forgotten. */
  readonly retainMs: number;
  /** Most firings in memory; of those that ended the oldest go first. */
  readonly capacity: number;
}

/** What rules fired on: what goes on, and a short past in memory. Pure but for its own state: the time is given. */
export class RuleFirings {
  readonly #options: RuleFiringsOptions;
  /** By id, in the order in which they began. */
  readonly #firings = new Map<string, FiringStatus>();
  /** By rule and camera, for as long as the camera is there. */
  readonly #fired = new Map<string, Map<string, number>>();

  constructor(options: RuleFiringsOptions) {
    this.#options = options;
  }

  take(event: LiveEvent): void {
    if (event.type === 'removed') this.#dropSource(event.source);
    if (event.type !== 'rule') return;
    const { firing, wallTimeMs } = event;
    const atMs = firing.at === null ? wallTimeMs : Date.parse(firing.at);
    if (firing.phase === 'start') this.#begin(firing, atMs);
    else this.#end(firing, atMs);
    this.#forget(wallTimeMs);
  }

  statuses(nowMs: number): readonly RuleStatus[] {
    this.#forget(nowMs);
    const newestFirst = [...this.#firings.values()].reverse();
    return this.#options.rules.map((rule) => ({
      rule,
      fired: Object.fromEntries(this.#fired.get(rule.id) ?? []),
      firings: newestFirst.filter(({ firing }) => firing.rule === rule.id),
    }));
  }

  #begin(firing: RuleFiring, atMs: number): void {
    const { id, rule, source } = firing;
    this.#firings.set(id, { startedAtMs: atMs, endedAtMs: null, firing });
    const fired = this.#fired.get(rule) ?? new Map<string, number>();
    this.#fired.set(rule, fired.set(source, (fired.get(source) ?? 0) + 1));
  }

  /** The end of one that is not known came after its camera was gone. */
  #end(firing: RuleFiring, atMs: number): void {
    const known = this.#firings.get(firing.id);
    if (known) this.#firings.set(firing.id, { ...known, endedAtMs: Math.max(atMs, known.startedAtMs), firing });
  }

  /** A camera that is added under the same name counts its firings from 1 again. */
  #dropSource(source: string): void {
    for (const [id, { firing }] of this.#firings) if (firing.source === source) this.#firings.delete(id);
    for (const fired of this.#fired.values()) fired.delete(source);
  }

  #forget(nowMs: number): void {
    const { retainMs, capacity } = this.#options;
    for (const [id, { endedAtMs }] of this.#firings) {
      if (endedAtMs === null) continue;
      if (endedAtMs < nowMs - retainMs || this.#firings.size > capacity) this.#firings.delete(id);
    }
  }
}
