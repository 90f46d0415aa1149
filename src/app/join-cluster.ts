import { randomUUID } from 'node:crypto';
import { openBucket } from '../cluster/bucket.js';
import { registerCodec } from '../cluster/camera-register.js';
import type { Bus } from '../cluster/connection.js';
import { openEventStream } from '../cluster/event-stream.js';
import { leaseCodec } from '../cluster/lease-codec.js';
import { followNodes, type NodeReport, Nodes, type Presence, reportNode } from '../cluster/nodes.js';
import { createSeal } from '../cluster/seal.js';
import { untilThere } from '../cluster/until-there.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { ServeConfig } from '../config/serve-config.js';
import type { Logger } from '../domain/logger.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';
import type { Ingest, Joined } from './cluster-roles.js';
import type { Parts } from './parts.js';

/** Opens what is shared, and hears of the other nodes. Closed with `parts`. */
export async function joinCluster(
  { maxCameras }: Pick<ServeConfig, 'maxCameras'>,
  options: {
    readonly bus: Bus;
    readonly cluster: ClusterConfig;
    readonly parts: Parts;
    readonly logger: Logger;
    readonly signal: AbortSignal;
  },
): Promise<Joined> {
  const { bus, cluster, parts, logger, signal } = options;
  const waiting = { signal, clock: SYSTEM_CLOCK, logger };
  const { names } = bus;
  const close = async (bucket: { close(): void }): Promise<void> => bucket.close();
  const epoch = await untilThere('the stream of events', () => openEventStream(bus), waiting);
  const seal = createSeal(cluster.secrets.cameraKey);
  const codec = registerCodec(seal);
  const register = parts.add(
    await untilThere('cameras', () => openBucket(bus, names.cameraBucket, { codec, logger }), waiting),
    close,
  );
  const leases = parts.add(
    await untilThere('leases', () => openBucket(bus, names.leaseBucket, { codec: leaseCodec, logger }), waiting),
    close,
  );
  const nodes = parts.add(new Nodes<Presence>(cluster.leaseMs), close);
  const instance = randomUUID();
  const leave = followNodes(bus, nodes);
  parts.add(leave, async (end) => end());
  let warned = false;
  nodes.heard.subscribe(({ node, instance: other }) => {
    if (node !== cluster.node || other === instance || warned) return;
    warned = true;
    logger.warn(`another process is called ${node}, too: give each a name of its own (cluster.node)`);
  });
  const startedMs = performance.now();
  const report = ({ ingest }: { readonly ingest: Ingest | null }): NodeReport => {
    const stats = ingest?.stats();
    return {
      node: cluster.node,
      instance,
      roles: cluster.roles,
      capacity: ingest ? maxCameras : 0,
      system: {
        uptimeSeconds: (performance.now() - startedMs) / 1000,
        rssBytes: process.memoryUsage.rss(),
        lanes: stats?.lanes ?? 0,
        laneRestarts: stats?.laneRestarts ?? 0,
        eventLoopLagMs: stats?.eventLoopLagMs ?? 0,
      },
      info: ingest?.info ?? null,
      cameras: ingest?.held() ?? [],
    };
  };
  return {
    register,
    leases,
    nodes,
    seal,
    epoch,
    report: (of) => {
      parts.add(
        reportNode(bus, () => report(of)),
        async (end) => end(),
      );
    },
  };
}
