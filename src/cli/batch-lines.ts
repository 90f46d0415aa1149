import { counted } from '../domain/counted.js';
import { AffectError } from '../domain/errors.js';

/** A video, or (without a name) an argument, that gave no whole result. */
export interface Failure {
  readonly name: string | null;
  readonly error: unknown;
}

/** What a person reads after several videos: how many are done, and each that is not. Nothing after a single one. */
export function batchLines(batch: {
  readonly videos: number;
  /** Videos that were analysed to their end, now or before. */
  readonly done: number;
  readonly failures: readonly Failure[];
}): string[] {
  const { videos, done, failures } = batch;
  const missing = failures.filter(({ name }) => name === null).length;
  if (videos + missing <= 1) return [];
  const notBegun = videos + missing - done - failures.length;
  const whole = done === videos + missing;
  const lines = [`${done} of ${videos + missing} done${whole ? '' : ', not whole:'}`];
  for (const { name, error } of failures) {
    const why = error instanceof AffectError ? error.message : 'unexpected error, see above';
    lines.push(`  ${name === null ? why : `${name}: ${why}`}`);
  }
  if (notBegun > 0) lines.push(`  ${counted(notBegun, 'video')} not begun`);
  return lines;
}
