import { counted } from '../domain/counted.js';
import { AffectError } from '../domain/errors.js';
import type { BatchTally } from './analyze-reporter.js';

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
