import { answerTests } from '../cluster/camera-tests.js';
import { IngestNode } from '../cluster/ingest-node.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';

import type { Ingest, RoleOptions } from './cluster-roles.js';
import { type ReadingOptions, startReading } from './start-reading.js';
import { createClusterEngine } from './start-words.js';

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
    isHandedOver: (camera) => node.isHandedOver(camera),
    ...(config.mllm ? { engine: createClusterEngine(config.mllm, bus) } : {}),
  });
  const { cameras, acting } = reading;
  parts.add(cameras, (each) => each.close());
  const node: IngestNode = new IngestNode({
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
  parts.add(answerTests(bus, joined.seal, cameras), async (end) => end());
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
