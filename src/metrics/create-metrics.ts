import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Device } from '../domain/device.js';
import type { SystemStats } from '../domain/live.js';
import type { ModelSize } from '../domain/model-size.js';
import type { Precision } from '../domain/precision.js';
import type { Telemetry } from '../domain/telemetry.js';
import { METRICS } from './declarations.js';
import { DeclaredRegistry } from './declared-registry.js';
import { recordTelemetry } from './record-telemetry.js';

export interface MetricsOptions {
  readonly version: string;
  /** Also CPU, memory, event loop and garbage collection of the process (process_*, nodejs_*). @default true */
  readonly defaultMetrics?: boolean;
}

export interface Metrics {
  readonly telemetry: Telemetry;
  /** Which models run, on what, and what they compute with, once it is settled. */
  tellModels(models: { readonly model: ModelSize; readonly device: Device; readonly precision: Precision }): void;
  /** What GET /metrics answers: Prometheus text format 0.0.4. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** Numbers of the process, asked for at every scrape. A function that throws leaves the last numbers in place. */
  bindSystem(stats: () => SystemStats): void;
}

/** The metrics of one mien process, all declared in METRICS, in a registry of their own. */
export function createMetrics(options: MetricsOptions): Metrics {
  const declared = new DeclaredRegistry();
  let system: (() => SystemStats) | undefined;
  declared.set('mien_build_info', 1, { version: options.version });
  const registry =
    (options.defaultMetrics ?? true) ? Registry.merge([declared.registry, runtimeMetrics()]) : declared.registry;
  declared.set('process_start_time_seconds', Date.now() / 1000 - process.uptime());
  return {
    telemetry: recordTelemetry(declared),
    tellModels({ model, device, precision }) {
      declared.set('mien_model_info', 1, { model });
      declared.set('mien_device_info', 1, { device });
      declared.set('mien_precision_info', 1, { precision });
    },
    async text() {
      readSystem(declared, system);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
    bindSystem(stats) {
      system = stats;
    },
  };
}

/**
 * prom-client's metrics of Node, but for what METRICS tells itself and three gauges that are named like counters; the
 * same numbers, by type, stay in nodejs_active_handles, _requests and _resources.
 */
function runtimeMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const misnamed = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);
  for (const name of [...Object.keys(METRICS), ...misnamed]) registry.removeSingleMetric(name);
  return registry;
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
  to.set('process_resident_memory_bytes', now.rssBytes);
}
