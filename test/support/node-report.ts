import type { HeldCamera, NodeReport } from '../../src/cluster/nodes.js';
import { type CameraStats, DROP_REASONS, type DropReason } from '../../src/domain/live.js';
import { cameraState } from './camera-state.js';

/** What a node with all roles says of itself. */
export const nodeReport = (node: string, more: Partial<NodeReport> = {}): NodeReport => ({
  node,
  instance: `${node}-1`,
  roles: ['ingest', 'words', 'gateway'],
  capacity: 8,
  system: { uptimeSeconds: 1, rssBytes: 1_000, lanes: 1, laneRestarts: 0, eventLoopLagMs: 1 },
  info: null,
  cameras: [],
  ...more,
});

export function cameraStats(id: string, more: Partial<CameraStats> = {}): CameraStats {
  const dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<DropReason, number>;
  const { attempts, retryAt, lastEnd, reconnects, decodeErrors, behindMs } = cameraState(id);
  const numbers = { inputFps: 25, analysedFps: 25, analysed: 1, faces: 0, latencyMs: null, dropped };
  return { id, ...numbers, attempts, retryAt, lastEnd, reconnects, decodeErrors, behindMs, ...more };
}

/** A camera that a node reads, and that runs. */
export const heldCamera = (id: string, more: Partial<HeldCamera> = {}): HeldCamera => ({
  fence: 1,
  state: cameraState(id),
  stats: cameraStats(id),
  ...more,
});
