import { AffectError } from '../domain/errors.js';

/** What happened and what to do, for a person. Unexpected errors keep their stack for a bug report. */
export function errorText(error: unknown): string {
  if (error instanceof AffectError) return error.message;
  return `unexpected error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** Where an error stands in the table, and how a command ends by it. */
export function failureOf(error: unknown): { readonly code: string; readonly exitCode: number } {
  return error instanceof AffectError
    ? { code: error.code, exitCode: error.exitCode }
    : { code: 'UNEXPECTED', exitCode: 1 };
}
