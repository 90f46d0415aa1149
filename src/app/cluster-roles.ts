import type { Bucket } from '../cluster/bucket.js';
import type { Registered } from '../cluster/camera-register.js';
import type { Bus } from '../cluster/connection.js';
import type { HeldCamera, NodeReport, Nodes, Presence } from '../cluster/nodes.js';
import type { Lease } from '../cluster/plan-leases.js';
import type { Seal } from '../cluster/seal.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { ServeConfig } from '../config/serve-config.js';
import type { SystemStats } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import type { Metrics } from '../metrics/create-metrics.js';
import type { Parts } from './parts.js';

/** What all roles share of an installation. */
export interface Joined {
  readonly register: Bucket<Registered>;
  readonly leases: Bucket<Lease>;
  readonly nodes: Nodes<Presence>;
  /** Hides cameras on the bus. */
  readonly seal: Seal;
  /** Identity of the stream of events. */
  readonly epoch: string;
  /** Begins to report what this node is and holds. */
  report(of: { readonly ingest: Ingest | null; readonly clients: () => number }): void;
}

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
