import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { assertAllowedHost, guardedLookup } from './address-guard.js';
import { networkProblem } from './network-problem.js';

/** What became of one try. again: it may be taken later, at the soonest in `afterMs` where the receiver said so. */
export type PostOutcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'again'; readonly problem: string; readonly afterMs: number | null };

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Longest pause that a receiver can ask for. */
const LONGEST_PAUSE_MS = 15 * 60_000;
/** Client errors that waiting can mend: timeout, too early, too many requests. */
const PASSING = new Set([408, 425, 429]);

/** Posts once; follows no redirect. Never rejects. */
export function postMessage({ url, headers, body, timeoutMs, signal }: PostOptions): Promise<PostOutcome> {
  const { protocol, hostname } = new URL(url);
  return new Promise((resolve) => {
    const again = (error: unknown): void =>
      resolve({ kind: 'again', problem: signal.aborted ? 'stopped' : networkProblem(error), afterMs: null });
    try {
      assertAllowedHost(hostname);
    } catch (error) {
      resolve({ kind: 'refused', problem: (error as Error).message });
      return;
    }
    const send = protocol === 'https:' ? requestHttps : requestHttp;
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const request = send(
      url,
      { method: 'POST', headers: { ...headers, ...length }, lookup: guardedLookup, signal: patience, agent: false },
      (response) => {
        // What it says is of no interest; a body without end must not hold the message up.
        response.on('error', () => undefined);
        response.destroy();
        resolve(outcomeOf(response.statusCode ?? 0, response.headers['retry-after']));
      },
    );
    request.on('error', again);
    request.end(body);
  });
}

function outcomeOf(status: number, retryAfter: string | undefined): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const problem = `answered ${status}`;
  if (status >= 500 || PASSING.has(status)) return { kind: 'again', problem, afterMs: pauseOf(retryAfter) };
  return { kind: 'refused', problem };
}

/** Retry-After in seconds; its form as a date is not used here. */
function pauseOf(retryAfter: string | undefined): number | null {
  return retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter)
    ? Math.min(LONGEST_PAUSE_MS, Number(retryAfter) * 1000)
    : null;
}
