import { type Bus, openBus } from '../cluster/connection.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import { diffConfig } from '../config/diff.js';
import type { ServeConfig } from '../config/serve-config.js';
import type { ClusterRole } from '../domain/cluster.js';
import { AffectError } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import { createMetrics } from '../metrics/create-metrics.js';
import { mienVersion } from '../package-info.js';
import type { Server } from '../server/server-options.js';
import { startHealthServer } from '../server/start-health-server.js';
import { joinCluster } from './join-cluster.js';
import { Parts } from './parts.js';
import type { Serving } from './serving.js';
import { startGateway } from './start-gateway.js';
import { startIngest } from './start-ingest.js';
import type { StartRuntime } from './start-reading.js';
import { startWords } from './start-words.js';

/**
 * Starts this process as one of several that share the cameras: the bus, then the roles that are configured, then a
 * server, which has everything for clients on a gateway and health and metrics elsewhere.
 * Errors: as `startServe`.
 */
export async function startClusterServe(
  config: ServeConfig,
  cluster: ClusterConfig,
  { logger, start, signal }: { readonly logger: Logger; readonly start: StartRuntime; readonly signal: AbortSignal },
): Promise<Serving> {
  const metrics = createMetrics({ version: mienVersion(), defaultMetrics: config.metrics.defaultMetrics });
  const parts = new Parts();
  let fail: (error: AffectError) => void = () => undefined;
  const failed = new Promise<AffectError>((resolve) => {
    fail = resolve;
  });
  let server: Server | undefined;
  const has = (role: ClusterRole): boolean => cluster.roles.includes(role);
  try {
    const bus = parts.add(await openBus(busOptions(cluster, logger), signal), (each) => each.close());
    const joined = await joinCluster(config, { bus, cluster, parts, logger, signal });
    const common = { config, cluster, parts, bus, joined, metrics, logger, signal };
    const clients = (): number => server?.clients ?? 0;
    if (has('words')) startWords(common);
    const ingest = has('ingest')
      ? await startIngest({ ...common, start, clients, fail: (error) => fail(error) })
      : null;
    signal.throwIfAborted();
    const gateway = has('gateway')
      ? await startGateway({ ...common, clients, onReplaced: () => fail(replaced(bus)) })
      : null;
    joined.report({ ingest, clients });
    server = gateway
      ? parts.add(gateway.server, (each) => each.close())
      : await health(config, { parts, bus, metrics, ready: () => ingest?.ready() ?? true });
    ingest?.begin();
    logger.info(`node ${cluster.node} of ${cluster.site}: ${cluster.roles.join(', ')}`);
    return {
      url: server.url,
      failed,
      reload: async (next) => {
        await gateway?.register(next);
        const { restart } = diffConfig(config, next);
        return restart;
      },
      close: () => parts.close(),
    };
  } catch (error) {
    await parts.close().catch(() => undefined); // the first failure is the cause
    throw error;
  }
}

const busOptions = ({ servers, site, node, username, secrets }: ClusterConfig, logger: Logger) => {
  const { secret, ca, cert, key } = secrets;
  return { servers, site, node, username, secret, tls: { ca, cert, key }, logger };
};

const replaced = ({ names }: Bus): AffectError =>
  new AffectError(
    'SERVER_UNREACHABLE',
    `the bus lost its events (stream ${names.eventStream}); start this process again`,
  );

async function health(
  { server, metrics: { enabled } }: ServeConfig,
  options: {
    readonly parts: Parts;
    readonly bus: Bus;
    readonly metrics: ReturnType<typeof createMetrics>;
    readonly ready: () => boolean;
  },
): Promise<Server> {
  const { parts, bus, metrics, ready } = options;
  const started = await startHealthServer({
    telemetry: metrics.telemetry,
    listen: { host: server.host, port: server.port },
    tokens: server.tokens,
    limits: { ...server.limits, headersTimeoutMs: server.limits.requestTimeoutMs },
    metricsText: enabled ? () => metrics.text() : null,
    ready: () => bus.connected && ready(),
  });
  return parts.add(started, (each) => each.close());
}
