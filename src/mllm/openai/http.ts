import type { Clock } from '../../rx/clock.js';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What came of one HTTP request. */
export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly json: unknown; readonly text: string }
  /** The status came, with the pause the server asks for; the body of a refusal is kept to find out what it refuses. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs: number | null; readonly text: string }
  /** Nothing came: no connection, or it broke before the answer. */
  | { readonly kind: 'unreachable' }
  /** It broke within the answer. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-json' };

export interface HttpCall {
  readonly url: string;
  /** JSON body of a POST; null makes a GET. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Reads an answer that comes as server-sent events; without it such an answer is not JSON. */
  readonly events?: { add(chunk: string): void; whole(): unknown };
}

/**
 * One request, once; never rejects. The timeout covers the whole answer, whose size is limited; aborting closes the
 * connection, by which servers know to stop. Redirects are not followed: pictures go only where the operator said.
 */
export async function callHttp(call: HttpCall): Promise<HttpResult> {
  const controller = new AbortController();
  let ended: 'timeout' | 'cancelled' | null = null;
  const end = (why: 'timeout' | 'cancelled'): void => {
    ended ??= why;
    controller.abort();
  };
  const onAbort = (): void => end('cancelled');
  if (call.signal.aborted) return { kind: 'cancelled' };
  call.signal.addEventListener('abort', onAbort);
  const cancelTimer = call.clock.after(call.timeoutMs, () => end('timeout'));
  let response: Response | null = null;
  try {
    response = await call.fetch(call.url, {
      method: call.body === null ? 'GET' : 'POST',
      headers: { ...call.headers, ...(call.body === null ? {} : { 'content-type': 'application/json' }) },
      body: call.body === null ? null : JSON.stringify(call.body),
      redirect: 'error',
      signal: controller.signal,
    });
    const streams = response.headers.get('content-type')?.includes('text/event-stream') === true;
    const events = response.ok && streams ? call.events : undefined;
    const text = await boundedText(response, call.maxBytes, (chunk) => events?.add(chunk));
    if (text === null) {
      controller.abort();
      return { kind: 'too-large' };
    }
    const { status } = response;
    if (!response.ok) return { kind: 'status', status, retryAfterMs: retryAfter(response), text };
    const json: unknown = events ? events.whole() : JSON.parse(text);
    return { kind: 'answered', status, text, json };
  } catch (error) {
    if (ended !== null) return { kind: ended };
    if (error instanceof SyntaxError) return { kind: 'not-json' };
    return { kind: response === null ? 'unreachable' : 'broken' };
  } finally {
    cancelTimer();
    call.signal.removeEventListener('abort', onAbort);
  }
}

/** The body as text; null when it is longer than `maxBytes`. */
async function boundedText(
  response: Response,
  maxBytes: number,
  onChunk: (chunk: string) => void,
): Promise<string | null> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    const decoded = decoder.decode(chunk, { stream: true });
    text += decoded;
    onChunk(decoded);
  }
  return text + decoder.decode();
}

/** Retry-After in milliseconds (RFC 9110 §10.2.3: seconds or a date); null without a usable one. */
function retryAfter(response: Response): number | null {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
