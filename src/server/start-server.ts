import type { AddressInfo } from 'node:net';
import { DEFAULT_LIMITS, type ServerLimits } from '../domain/server-limits.js';
import { asyncapiText } from '../protocol/asyncapi.js';
import { checkServerOptions } from './check-options.js';
import { createGuard } from './create-guard.js';
import { createHttp, listening } from './http-server.js';
import { Hub } from './hub.js';
import { openapiText } from './openapi.js';
import { createRequestHandler } from './request-handler.js';
import type { Server, ServerOptions } from './server-options.js';
import { SourceTests } from './source-tests.js';
import { loadStaticFiles } from './static-files.js';
import { createUpgradeHandler } from './upgrade.js';

/** Made when first asked for. */
function once(make: () => string): () => string {
  let made: string | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * Starts the server: REST interface, WebSocket, metrics and dashboard on one port. Resolves when it listens.
 *
 * Throws CONFIG_INVALID when the options are wrong or unsafe (reachable from elsewhere without a token), LISTEN_FAILED
 * when the address cannot be had.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  checkServerOptions(options);
  const { system, telemetry, listen, logger } = options;
  const limits: ServerLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const guard = createGuard(options, limits);
  const { tokens } = guard;
  const files = options.dashboardDir === null ? new Map() : loadStaticFiles(options.dashboardDir);
  const http = createHttp(limits);
  await listening(http, listen);
  const hub = new Hub({ system, telemetry, tokens, limits, logger });
  const documents = { openapi: once(openapiText), asyncapi: once(asyncapiText) };
  const context = {
    system,
    cameraDefaults: options.cameraDefaults,
    setAreas: options.setAreas,
    cameraFile: options.cameraFile,
    tests: new SourceTests(limits),
    kept: options.kept,
    rules: options.rules,
    metricsText: options.metricsText,
    clients: () => hub.clients,
    documents,
  };
  http.on('request', createRequestHandler({ guard, context, files, limits, logger }));
  http.on('upgrade', createUpgradeHandler({ hub, guard, limits }));
  http.on('drop', () => telemetry.refused('too-many-clients'));
  http.on('error', (error) => logger.warn(`server: ${error.message}`));

  const { port } = http.address() as AddressInfo;
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    hub.close();
    http.closeIdleConnections();
    const timer = setTimeout(() => http.closeAllConnections(), limits.closeTimeoutMs);
    await closed;
    clearTimeout(timer);
  };
  return {
    url: `http://${host}:${port}`,
    get clients() {
      return hub.clients;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
