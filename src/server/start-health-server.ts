import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_LIMITS, type ServerLimits } from '../domain/server-limits.js';
import { metricsFor } from './camera-view.js';
import { checkServerOptions } from './check-options.js';
import { createGuard } from './create-guard.js';
import { sendProblem, sendReply } from './http-answer.js';
import { createHttp, listening } from './http-server.js';
import { asProblem, Problem } from './problem.js';
import { checkCaller, checkScope, type Guard, pathOf } from './request-handler.js';
import type { Reply } from './route.js';
import { methodNotAllowed } from './routes.js';
import type { Server, ServerOptions } from './server-options.js';

type HealthOptions = Pick<ServerOptions, 'telemetry' | 'listen' | 'tokens' | 'limits' | 'metricsText'> & {
  readonly ready: () => boolean;
};

/**
 * Starts what a process without clients serves: /healthz, /readyz and /metrics, guarded as on the full server. Throws
 * CONFIG_INVALID and LISTEN_FAILED as `startServer` does.
 */
export async function startHealthServer(options: HealthOptions): Promise<Server> {
  const { listen } = options;
  checkServerOptions({ ...options, allowedOrigins: [] });
  const limits: ServerLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const guard = createGuard({ ...options, allowedOrigins: [] }, limits);
  const http = createHttp(limits);
  await listening(http, listen);
  http.on('request', (request, response) => {
    answer(request, guard, options).then(
      (reply) => sendReply(response, reply),
      (error: unknown) => sendProblem(request, response, asProblem(error)),
    );
  });
  const { port } = http.address() as AddressInfo;
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  let closing: Promise<void> | null = null;
  return {
    url: `http://${host}:${port}`,
    clients: 0,
    close: () => {
      closing ??= new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
      return closing;
    },
  };
}

async function answer(
  request: IncomingMessage,
  guard: Guard,
  { ready, metricsText }: Pick<HealthOptions, 'ready' | 'metricsText'>,
): Promise<Reply> {
  checkCaller(request, guard);
  const path = pathOf(request);
  if (!['/healthz', '/readyz', '/metrics'].includes(path)) {
    throw new Problem(
      'NOT_FOUND',
      'this process serves no clients: ask a gateway; here are /healthz, /readyz and /metrics',
    );
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed(['GET']);
  if (path === '/healthz') return { status: 200, json: { status: 'ok' } };
  const { cameras } = checkScope(request, 'read', guard);
  if (path === '/metrics') {
    const text = metricsFor(metricsText, cameras);
    if (!text) throw new Problem('NOT_FOUND', 'metrics are switched off: set metrics.enabled');
    return { status: 200, ...(await text()) };
  }
  if (ready()) return { status: 200, json: { status: 'ready' } };
  throw new Problem('NOT_READY', 'models are being loaded, or the bus is away: try again', { 'retry-after': '1' });
}
