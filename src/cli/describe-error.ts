import { AffectError } from '../domain/errors.js';

/** One line for a person: what happened and what to do. Unexpected errors keep their stack for a bug report. */
export function describeError(error: unknown): string {
  if (error instanceof AffectError) return `mien: ${error.message}`;
  return `mien: unexpected error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
