import { counted } from '../domain/counted.js';
import { AffectError } from '../domain/errors.js';
import type { OutputPlan } from '../recording/output-plan.js';

/** A video, or (without a plan) an argument, that gave no whole result. */
export interface Failure {
  readonly plan: OutputPlan | null;
  readonly error: unknown;
}

/** What became of the videos of one command. */
export interface BatchTally {
  readonly videos: number;
  /** Analysed to their end, now or before. */
  readonly done: number;
  readonly failures: readonly Failure[];
}

/** What a person reads after several videos: how many are done, and each that is not. Nothing after a single one. */
export function batchLines({ videos, done, failures }: BatchTally): string[] {
  const missing = failures.filter(({ plan }) => plan === null).length;
  if (videos + missing <= 1) return [];
  const notBegun = videos + missing - done - failures.length;
  const whole = done === videos + missing;
  const lines = [`${done} of ${videos + missing} done${whole ? '' : ', not whole:'}`];
  for (const { plan, error } of failures) {
    const why = error instanceof AffectError ? error.message : 'unexpected error, see above';
    lines.push(`  ${plan === null ? why : `${plan.name}: ${why}`}`);
  }
  if (notBegun > 0) lines.push(`  ${counted(notBegun, 'video')} not begun`);
  return lines;
}
