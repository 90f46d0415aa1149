import { ZodError, type z } from 'zod';
import { AffectError } from '../domain/errors.js';
import { type ProblemCode, statusOf } from '../protocol/problems.js';

/** A refusal on its way to the client. The message is one line and safe to show. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'Problem';
  }

  get status(): number {
    return statusOf(this.code);
  }
}

/** "input.url: expected a string" of the first three issues. */
export function issuesLine(error: z.ZodError): string {
  const lines = error.issues.slice(0, 3).map(({ path, message }) => {
    const at = path.join('.');
    return at === '' ? message : `${at}: ${message}`;
  });
  return lines.join('; ').replaceAll(/\s+/g, ' ').slice(0, 500);
}

/** Any thrown value as a refusal; what is not expected says nothing to the client. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof AffectError) return new Problem(error.code, error.message);
  if (error instanceof ZodError) return new Problem('BAD_REQUEST', issuesLine(error));
  return new Problem('INTERNAL', 'internal error: see the log of the server');
}
