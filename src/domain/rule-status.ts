import type { Rule, RuleFiring } from './rules.js';

/** A firing that goes on, or ended not long ago, in its newest state. */
export interface FiringStatus {
  /** Date.now() scale: the moment it fired, and the moment its condition was last met; null while it goes on. */
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly firing: RuleFiring;
}

/** A rule, and what became of it since mien started. */
export interface RuleStatus {
  readonly rule: Rule;
  /** How often it fired, by camera; anew for a camera that was removed or replaced. */
  readonly fired: Readonly<Record<string, number>>;
  /** Those that go on and those in memory, newest first. */
  readonly firings: readonly FiringStatus[];
}
