import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServeConfig } from '../config/serve-config.js';
import type { Logger } from '../domain/logger.js';
import type { LiveSystem } from '../live/live-system.js';
import type { Metrics } from '../metrics/create-metrics.js';
import type { Server, ServerOptions } from '../server/server-options.js';
import { startServer } from '../server/start-server.js';

const DASHBOARD_DIR = fileURLToPath(new URL('../dashboard/', import.meta.url));

/** Starts the server for clients, as configured. */
export function listen(
  { server, retention, metrics: { enabled } }: ServeConfig,
  options: {
    readonly system: LiveSystem;
    readonly kept: ServerOptions['kept'];
    readonly rules: ServerOptions['rules'];
    readonly metrics: Metrics;
    readonly logger: Logger;
    readonly cameraDefaults: () => ServeConfig['cameraDefaults'];
    readonly setAreas: ServerOptions['setAreas'];
    readonly cameraFile: ServerOptions['cameraFile'];
  },
): Promise<Server> {
  const { system, kept, rules, metrics, logger, cameraDefaults, setAreas, cameraFile } = options;
  return startServer({
    system,
    cameraDefaults,
    setAreas,
    cameraFile,
    kept,
    rules,
    telemetry: metrics.telemetry,
    listen: { host: server.host, port: server.port },
    tokens: server.tokens,
    allowedOrigins: server.allowedOrigins,
    limits: {
      ...server.limits,
      headersTimeoutMs: server.limits.requestTimeoutMs,
      replayMs: retention.episodesMs,
    },
    dashboardDir: existsSync(DASHBOARD_DIR) ? DASHBOARD_DIR : null,
    metricsText: enabled ? () => metrics.text() : null,
    logger,
  });
}
