import type { ResolvedEngineOptions } from './engine-options.js';
import type { StreamedCompletion } from './event-stream.js';
import { callHttp, type HttpResult } from './http.js';
import { healthOf } from './outcome.js';
import type { Replica } from './replica.js';

/** One HTTP request to a replica, counted for its load and its circuit. `body` null makes a GET. */
export async function post(
  replica: Replica,
  call: {
    readonly path: string;
    readonly body: unknown;
    readonly options: ResolvedEngineOptions;
    readonly signal: AbortSignal;
    readonly events?: StreamedCompletion;
  },
): Promise<HttpResult> {
  const { options } = call;
  replica.begin();
  const http = await callHttp({
    url: `${replica.baseUrl}${call.path}`,
    body: call.body,
    headers: options.headers,
    timeoutMs: options.timeoutMs,
    maxBytes: options.maxAnswerBytes,
    signal: call.signal,
    fetch: options.fetch,
    clock: options.clock,
    ...(call.events ? { events: call.events } : {}),
  });
  replica.end(healthOf(http), { nowMs: options.clock.nowMs(), spread: options.random() });
  return http;
}
