import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '../domain/logger.js';
import type { Scope } from '../domain/scopes.js';
import type { ServerLimits } from '../domain/server-limits.js';
import type { Telemetry } from '../domain/telemetry.js';
import { contextFor } from './camera-view.js';
import { sendProblem, sendReply } from './http-answer.js';
import type { OriginRules } from './origins.js';
import { parseAs } from './parse-as.js';
import { asProblem, Problem } from './problem.js';
import { readJson } from './read-body.js';
import type { Route, RouteContext } from './route.js';
import { findRoute, methodNotAllowed } from './routes.js';
import type { StaticFile } from './static-files.js';
import type { AddressBuckets } from './token-bucket.js';
import { bearerToken, type Grant, type TokenTable } from './tokens.js';

/** A wrong token counts as so many requests: guessing is slow. */
const WRONG_TOKEN_COST = 10;

/** What guards every request, upgrades included. */
export interface Guard {
  readonly tokens: TokenTable;
  readonly origins: OriginRules;
  readonly buckets: AddressBuckets;
  readonly telemetry: Telemetry;
}

/** Path of a request without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0]!;
}

/** Refuses what comes too often, under a foreign name, or from a foreign page. */
export function checkCaller(request: IncomingMessage, guard: Guard): void {
  const { origin, host } = request.headers;
  const bucket = guard.buckets.of(request.socket.remoteAddress ?? '', performance.now());
  if (!bucket.take(performance.now())) {
    guard.telemetry.refused('rate');
    const seconds = String(bucket.retryAfterSeconds());
    throw new Problem('RATE_LIMITED', `too many requests: come back in ${seconds} s`, { 'retry-after': seconds });
  }
  if (!guard.origins.hostAllowed(host)) {
    guard.telemetry.refused('origin');
    throw new Problem('ORIGIN_REFUSED', 'this server does not answer to that host name: use its address');
  }
  if (!guard.origins.originAllowed(origin, host)) {
    guard.telemetry.refused('origin');
    throw new Problem('ORIGIN_REFUSED', 'pages of that origin may not use this server: add it to the allowed origins');
  }
}

/** Refuses a missing or wrong token. */
export function wrongToken(request: IncomingMessage, token: string | null, guard: Guard): never {
  guard.telemetry.refused('token');
  const now = performance.now();
  if (token !== null) guard.buckets.of(request.socket.remoteAddress ?? '', now).charge(now, WRONG_TOKEN_COST);
  const say = token === null ? 'a token is needed' : 'the token is not known';
  throw new Problem('UNAUTHORISED', `${say}: send "Authorization: Bearer <token>"`, { 'www-authenticate': 'Bearer' });
}

/** What the token of a request allows. Refuses one that is missing, wrong, or not enough. */
export function checkScope(request: IncomingMessage, scope: Scope, guard: Guard): Grant {
  const token = bearerToken(request.headers.authorization);
  const grant = guard.tokens.grantOf(token) ?? wrongToken(request, token, guard);
  if (grant.scopes.has(scope)) return grant;
  guard.telemetry.refused('token');
  throw new Problem('FORBIDDEN', `this token does not allow "${scope}"`);
}

function queryOf(request: IncomingMessage, { query }: Route): unknown {
  const text = (request.url ?? '').split('?').slice(1).join('?');
  const given = [...new URLSearchParams(text)];
  if (!query) return null;
  if (new Set(given.map(([key]) => key)).size < given.length) {
    throw new Problem('BAD_REQUEST', 'a query parameter is given twice');
  }
  return parseAs(query, Object.fromEntries(given), 'query');
}

/** Aborts when the connection of a request ends before its answer does. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

async function runRoute(
  request: IncomingMessage,
  found: { readonly route: Route; readonly id: string; readonly signal: AbortSignal },
  context: RouteContext,
  maxBodyBytes: number,
) {
  const { route, id, signal } = found;
  const query = queryOf(request, route);
  const body = route.body ? parseAs(route.body, await readJson(request, maxBodyBytes), 'body') : null;
  return route.handle({ id, query: query as never, body: body as never, signal }, context);
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: StaticFile): number {
  const headers = { etag: file.etag, 'cache-control': file.cacheControl };
  const { contentType, body } = file;
  const same = request.headers['if-none-match'] === file.etag;
  sendReply(
    response,
    same ? { status: 304, contentType, body: '', headers } : { status: 200, contentType, body, headers },
  );
  return same ? 304 : 200;
}

/** Answers every HTTP request. */
export function createRequestHandler(options: {
  readonly guard: Guard;
  readonly context: RouteContext;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly limits: ServerLimits;
  readonly logger: Logger;
}): RequestListener {
  const { guard, context, files, limits, logger } = options;
  const { telemetry, origins } = guard;

  /** Pages of an allowed foreign origin may read answers, and ask first. True when this was such a question. */
  const answerForeign = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { origin, host } = request.headers;
    if (origin === undefined || !origins.isForeign(origin, host)) return false;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('vary', 'Origin');
    if (request.method !== 'OPTIONS') return false;
    const headers = {
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    };
    sendReply(response, { status: 204, contentType: '', body: '', headers });
    return true;
  };

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<[label: string, status: number]> => {
    let label = 'unknown';
    try {
      checkCaller(request, guard);
      if (answerForeign(request, response)) return ['preflight', 204];
      const path = pathOf(request);
      const file = files.get(path);
      const reads = request.method === 'GET' || request.method === 'HEAD';
      if (!reads && (file || path === '/ws')) throw methodNotAllowed(['GET']);
      if (file) return ['static', sendFile(request, response, file)];
      if (path === '/ws') throw new Problem('UPGRADE_REQUIRED', 'this path speaks WebSocket', { upgrade: 'websocket' });
      const found = { ...findRoute(request.method ?? '', path), signal: goneSignal(response) };
      label = found.route.path;
      const { scope } = found.route;
      const cameras = scope === null ? null : checkScope(request, scope, guard).cameras;
      const reply = await runRoute(request, found, contextFor(context, cameras), limits.maxBodyBytes);
      sendReply(response, reply);
      return [label, reply.status];
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === 'INTERNAL') logger.warn(`${request.method} ${label} failed: ${String(error)}`);
      if (problem.code === 'TOO_LARGE') telemetry.refused('payload');
      if (problem.code === 'BAD_REQUEST') telemetry.refused('malformed');
      sendProblem(request, response, problem);
      return [label, problem.status];
    }
  };

  return (request, response) => {
    answer(request, response).then(
      ([label, status]) => {
        telemetry.httpRequest(label, status);
        logger.debug(`${request.method} ${label}: ${status}`);
      },
      // Not even the refusal could be written.
      () => response.destroy(),
    );
  };
}
