import type { Bus } from '../cluster/connection.js';
import { createBusEngine } from '../cluster/words/bus-engine.js';
import { startWordsServer } from '../cluster/words/words-server.js';
import type { MllmConfig } from '../config/serve-config.js';
import { MEASURED, type MllmEngine } from '../domain/insight.js';
import type { RoleOptions } from './cluster-roles.js';
import { createMllmEngine, namedEngine } from './mllm-engine.js';

/**
 * Begins to answer questions about faces for the machines that read cameras. What answers from the measurements needs
 * no other machine: then there is nothing to do. Closed with `parts`.
 */
export function startWords({ config: { mllm }, cluster, parts, bus, metrics, logger }: RoleOptions): void {
  if (!mllm || mllm.engine.type === MEASURED) {
    logger.info('role words: no language model is configured that other machines need; nothing to do');
    return;
  }
  const server = startWordsServer({
    connection: bus.connection,
    site: cluster.site,
    node: cluster.node,
    engine: createMllmEngine(mllm),
    timeoutMs: mllm.engine.timeoutMs,
    telemetry: metrics.telemetry,
    logger,
    silenceMs: cluster.leaseMs,
  });
  parts.add(server, (each) => each.close());
}

/** What a machine that reads cameras asks: those with the role words; itself, from its measurements, without a model. */
export function createClusterEngine(config: MllmConfig, bus: Bus): MllmEngine {
  const { type, timeoutMs } = config.engine;
  if (type === MEASURED) return createMllmEngine(config);
  const engine = namedEngine(config);
  return createBusEngine({ connection: bus.connection, site: bus.names.site, engine, timeoutMs });
}
