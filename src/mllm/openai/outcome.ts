import type { EngineOutcome } from '../../domain/insight.js';
import type { HttpResult } from './http.js';

type Failed = Extract<EngineOutcome, { kind: 'failed' }>;

export const failed = (reason: Failed['reason'], message: string, retryable: boolean): Failed => ({
  kind: 'failed',
  reason,
  message,
  retryable,
});

/** Statuses by which a server says "not now", before any work was done. */
const LATER = [429, 503];
/** Statuses of a server that is in trouble. */
const TROUBLE = [500, 502, 504];

/** Whether asking again is safe: nothing was answered, and nothing was begun. */
export function isUnanswered(result: HttpResult): boolean {
  return result.kind === 'unreachable' || (result.kind === 'status' && LATER.includes(result.status));
}

/** How a result counts for the circuit of its replica. A refusal shows that the server lives. */
export function healthOf(result: HttpResult): 'success' | 'failure' | 'nothing' {
  switch (result.kind) {
    case 'answered':
      return 'success';
    case 'status':
      if (result.status === 429) return 'nothing';
      return result.status === 503 || TROUBLE.includes(result.status) ? 'failure' : 'success';
    case 'cancelled':
      return 'nothing';
    default:
      return 'failure';
  }
}

/** A result that is no answer, as the outcome of its request: one line without anything the server or the operator wrote. */
export function failureOf(
  result: Exclude<HttpResult, { kind: 'answered' }>,
  who: string,
  keyVariable: string | null,
): Failed {
  switch (result.kind) {
    case 'unreachable':
      return failed('unreachable', `${who} cannot be reached`, true);
    case 'broken':
      return failed('unreachable', `${who} stopped in the middle of its answer`, true);
    case 'timeout':
      return failed('timeout', `${who} gave no answer in time`, true);
    case 'cancelled':
      return failed('cancelled', `the request to ${who} was cancelled`, false);
    case 'too-large':
      return failed('malformed', `${who} sent an answer beyond the size limit`, false);
    case 'not-json':
      return failed('malformed', `${who} sent an answer that is not JSON`, false);
    case 'status':
      return ofStatus(result.status, who, keyVariable);
  }
}

function ofStatus(status: number, who: string, keyVariable: string | null): Failed {
  if (LATER.includes(status)) return failed('overloaded', `${who} is overloaded (HTTP ${status})`, true);
  if (TROUBLE.includes(status)) return failed('unreachable', `${who} is in trouble (HTTP ${status})`, true);
  if (status === 401 || status === 403) {
    const hint =
      keyVariable === null ? 'name the environment variable with its key' : `check the key in ${keyVariable}`;
    return failed('refused', `${who} refused the key (HTTP ${status}); ${hint}`, false);
  }
  if (status === 404) return failed('refused', `${who} does not know the model or the path (HTTP 404)`, false);
  return failed('refused', `${who} refused the request (HTTP ${status})`, false);
}
