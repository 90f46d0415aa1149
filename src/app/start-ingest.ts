import type { Bus } from '../cluster/connection.js';
import { IngestNode } from '../cluster/ingest-node.js';
import type { HeldCamera, NodeReport } from '../cluster/nodes.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { ServeConfig } from '../config/serve-config.js';
import type { SystemStats } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import type { Metrics } from '../metrics/create-metrics.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';
import { createBusWords } from './bus-words.js';
import type { Joined } from './join-cluster.js';
import type { Parts } from './parts.js';
import { type ReadingOptions, startReading } from './start-reading.js';

/** What every role is started with. */
export interface RoleOptions {
  readonly config: ServeConfig;
  readonly cluster: ClusterConfig;
  readonly parts: Parts;
  readonly bus: Bus;
  readonly joined: Joined;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The role that reads cameras. */
export interface Ingest {
  readonly info: NonNullable<NodeReport['info']>;
  stats(): SystemStats;
  held(): readonly HeldCamera[];
  /** True once every camera it holds was tried. */
  ready(): boolean;
  /** Takes its share of the cameras. */
  begin(): void;
}

/** Starts models and what acts on cameras; no camera is taken before `begin`. Closed with `parts`. */
export async function startIngest(
  options: RoleOptions & Pick<ReadingOptions, 'start' | 'clients' | 'fail'>,
): Promise<Ingest> {
  const { config, cluster, parts, bus, joined, metrics, logger, signal, start, clients, fail } = options;
  const reading = await startReading(config, parts, {
    start,
    signal,
    metrics,
    logger,
    clients,
    fail,
    node: cluster.node,
    ...(config.mllm ? { engine: createBusWords(config.mllm, bus) } : {}),
  });
  const { cameras, acting } = reading;
  parts.add(cameras, (each) => each.close());
  const node = new IngestNode({
    bus,
    node: cluster.node,
    cameras,
    register: joined.register,
    leases: joined.leases,
    nodes: joined.nodes,
    leaseMs: cluster.leaseMs,
    clock: SYSTEM_CLOCK,
    logger,
  });
  parts.add(node, (each) => each.close());
  const { actionUnits, device, models } = cameras.info;
  return {
    info: { actionUnits, device, models },
    stats: () => cameras.stats(),
    held: () => node.held,
    ready: () => cameras.ready(),
    begin: () => {
      reading.startQuestions();
      node.start();
      acting.settle();
    },
  };
}
