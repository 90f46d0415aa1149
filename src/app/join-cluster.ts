import { randomUUID } from 'node:crypto';
import { type Codec, openBucket } from '../cluster/bucket.js';
import { registerCodec } from '../cluster/camera-register.js';
import type { Bus } from '../cluster/connection.js';
import { openEventStream } from '../cluster/event-stream.js';
import { followNodes, type NodeReport, Nodes, reportNode } from '../cluster/nodes.js';
import type { Lease } from '../cluster/plan-leases.js';
import { createSeal } from '../cluster/seal.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { ServeConfig } from '../config/serve-config.js';
import type { Logger } from '../domain/logger.js';
import type { Ingest, Joined } from './cluster-roles.js';
import type { Parts } from './parts.js';

const LEASES: Codec<Lease> = {
  write: (lease) => Buffer.from(JSON.stringify(lease)),
  read: (bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')) as Lease,
};

/** Opens what is shared, and hears of the other nodes. Closed with `parts`. */
export async function joinCluster(
  { maxCameras }: Pick<ServeConfig, 'maxCameras'>,
  options: {
    readonly bus: Bus;
    readonly cluster: ClusterConfig;
    readonly parts: Parts;
    readonly logger: Logger;
  },
): Promise<Joined> {
  const { bus, cluster, parts, logger } = options;
  const { names } = bus;
  const close = async (bucket: { close(): void }): Promise<void> => bucket.close();
  const epoch = await openEventStream(bus);
  const seal = createSeal(cluster.secrets.cameraKey);
  const codec = registerCodec(seal);
  const register = parts.add(await openBucket(bus, names.cameraBucket, { codec, logger }), close);
  const leases = parts.add(await openBucket(bus, names.leaseBucket, { codec: LEASES, logger }), close);
  const nodes = parts.add(new Nodes(cluster.leaseMs), close);
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
