import { AffectError } from '../domain/errors.js';
import { type ProblemCode, statusOf } from '../protocol/problems.js';

/** What is wrong with one field of what a client sent. */
export interface FieldProblem {
  /** "input.url"; empty: with all of it. */
  readonly key: string;
  readonly text: string;
}

/** A refusal on its way to the client. The message is one line and safe to show. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(message);
    this.name = 'Problem';
  }

  get status(): number {
    return statusOf(this.code);
  }
}

/** Any thrown value as a refusal; what is not expected says nothing to the client. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof AffectError) return new Problem(error.code, error.message);
  return new Problem('INTERNAL', 'internal error: see the log of the server');
}
