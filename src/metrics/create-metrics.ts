import { collectDefaultMetrics } from 'prom-client';
import type { SystemStats, Telemetry } from '../domain/live.js';
import { DeclaredRegistry } from './declared-registry.js';
import { recordTelemetry } from './record-telemetry.js';

export interface MetricsOptions {
  readonly version: string;
  /** Also CPU, memory, event loop and garbage collection of the process (process_*, nodejs_*). @default true */
  readonly defaultMetrics?: boolean;
}

export interface Metrics {
  readonly telemetry: Telemetry;
  /** What GET /metrics answers: Prometheus text format 0.0.4. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** Numbers of the process, asked for at every scrape. A function that throws leaves the last numbers in place. */
  bindSystem(stats: () => SystemStats): void;
}

/** The metrics of one mien process, all declared in METRICS, in a registry of their own. */
export function createMetrics(options: MetricsOptions): Metrics {
  const declared = new DeclaredRegistry();
  const { registry } = declared;
  let system: (() => SystemStats) | undefined;
  declared.set('mien_build_info', 1, { version: options.version });
  if (options.defaultMetrics ?? true) collectDefaultMetrics({ register: registry });
  return {
    telemetry: recordTelemetry(declared),
    async text() {
      readSystem(declared, system);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
    bindSystem(stats) {
      system = stats;
    },
  };
}

function readSystem(to: DeclaredRegistry, stats: (() => SystemStats) | undefined): void {
  let now: SystemStats | undefined;
  try {
    now = stats?.();
  } catch {
    // A scrape during shutdown must still answer with everything else.
    now = undefined;
  }
  if (!now) return;
  to.set('mien_lanes', now.lanes);
  to.total('mien_lane_restarts_total', now.laneRestarts);
  to.set('mien_event_loop_lag_seconds', now.eventLoopLagMs / 1000);
  to.set('mien_resident_memory_bytes', now.rssBytes);
  to.set('mien_uptime_seconds', now.uptimeSeconds);
}
