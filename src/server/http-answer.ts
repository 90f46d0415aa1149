import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem } from './problem.js';
import type { Reply } from './route.js';

/** On every answer. The dashboard needs blob: for pictures and workers, and the browser's camera. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(), display-capture=()',
};

export function problemBody({ code, message, fields }: Problem): string {
  return JSON.stringify({ error: { code, message, ...(fields.length > 0 && { fields }) } });
}

/** Sends a handler's answer. Nothing is cached but what says so. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  const json = 'json' in reply;
  const body = Buffer.from(json ? JSON.stringify(reply.json) : (reply.body as string));
  response.writeHead(reply.status, {
    ...SECURITY_HEADERS,
    'cache-control': 'no-store',
    ...(reply.status === 204
      ? {}
      : { 'content-type': json ? 'application/json' : reply.contentType, 'content-length': body.length }),
    ...reply.headers,
  });
  response.end(reply.status === 204 ? undefined : body);
}

/** Sends a refusal; a body that was not read ends the connection. */
export function sendProblem(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const unread = !request.complete;
  const headers = { ...problem.headers, ...(unread ? { connection: 'close' } : {}) };
  sendReply(response, { status: problem.status, contentType: 'application/json', body: problemBody(problem), headers });
  if (unread) request.unpipe();
}
