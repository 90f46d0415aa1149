import { registerConfigured } from '../cluster/camera-register.js';
import { CameraRequests } from '../cluster/camera-requests.js';
import { askForTest } from '../cluster/camera-tests.js';
import { eventBus } from '../cluster/event-publisher.js';
import { FleetView } from '../cluster/fleet-view.js';
import { GatewaySystem } from '../cluster/gateway-system.js';
import { followReports, Nodes } from '../cluster/nodes.js';
import { OrphanWatch } from '../cluster/orphan-watch.js';
import { untilThere } from '../cluster/until-there.js';
import { WantedFeeds } from '../cluster/wanted-feeds.js';
import type { ServeConfig } from '../config/serve-config.js';
import { roundAreas } from '../domain/areas.js';
import { MLLM_DEFAULTS } from '../domain/mllm-defaults.js';
import { MODEL_IDS } from '../domain/model-size.js';
import type { SystemInfo } from '../live/live-system.js';
import { findModels } from '../models/registry.js';
import { mienVersion } from '../package-info.js';
import { affectManifest } from '../pipeline/create-face-pipeline.js';
import { modelUses } from '../pipeline/model-runtime.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';
import type { Server, ServerOptions } from '../server/server-options.js';
import { checkCameraInput } from '../source/camera/check-camera-input.js';
import type { RoleOptions } from './cluster-roles.js';
import { listen } from './listen.js';
import { inputPolicy } from './serve-cameras.js';
import { watchFirings } from './watch-firings.js';

/** The role that serves clients. */
export interface Gateway {
  readonly server: Server;
  /** Makes the cameras of a configuration those of the installation. */
  register(config: ServeConfig): Promise<void>;
}

/** Answers of a person's question take as long as the engine may, and a little to get here. */
const ASK_MARGIN_MS = 3_000;
/** A node is silent for a lease time, and another needs a moment to report what it took. */
const ORPHAN_MARGIN_MS = 3_000;

/** Starts what clients see of all cameras, and the server. What is not the server is closed with `parts`. */
export async function startGateway(
  options: RoleOptions & { readonly clients: () => number; readonly onReplaced: () => void },
): Promise<Gateway> {
  const { config, cluster, parts, bus, joined, metrics, logger, clients, onReplaced } = options;
  const { register, epoch } = joined;
  const nodes = parts.add(new Nodes(cluster.leaseMs), async (each) => each.close());
  parts.add(followReports(bus, nodes), async (end) => end());
  const clock = SYSTEM_CLOCK;
  const fleet = new FleetView({
    register,
    nodes,
    orphanedMs: cluster.leaseMs + ORPHAN_MARGIN_MS,
    connectedSinceMs: () => bus.connectedSinceMs,
    clients,
    clock,
  });
  const feeds = parts.add(new WantedFeeds(bus, { gateway: cluster.node, clock }), async (each) => each.close());
  const askMs = (config.mllm?.engine.timeoutMs ?? MLLM_DEFAULTS.timeoutMs) + ASK_MARGIN_MS;
  const policy = inputPolicy(config, 'request');
  const system = new GatewaySystem({
    bus,
    register,
    fleet,
    requests: new CameraRequests(bus, { askMs }),
    feeds,
    epoch,
    info: installationInfo(config),
    retainEpisodes: { ms: config.retention.episodesMs, count: config.retention.maxEpisodes },
    preview: config.preview,
    check: ({ input }) => checkCameraInput(input, policy),
    test: (camera, blurFaces) => askForTest(bus, joined.seal, { config: camera, blurFaces }),
    onReplaced,
    clock,
    logger,
  });
  parts.add(system, async (each) => each.close());
  await untilThere('the newest events', () => system.start(), { signal: options.signal, clock, logger });
  const orphans = parts.add(
    new OrphanWatch({ fleet, bus: eventBus(bus), heard: () => system.heard, clock, logger }),
    async (each) => each.close(),
  );
  orphans.start();
  if (!cluster.roles.includes('ingest'))
    metrics.bindSystem(() => ({ ...system.stats(), rssBytes: process.memoryUsage.rss() }));
  const firings = watchFirings(config, system.events);
  let applied = config;
  const server = await listen(config, {
    system,
    kept: null,
    rules: () => firings.statuses(clock.wallTimeMs()),
    cameraFile: busKeeps(register),
    metrics,
    logger,
    cameraDefaults: () => applied.cameraDefaults,
    setAreas: async (id, drawn) => {
      const areas = roundAreas(drawn);
      system.setAreas(id, areas);
      return { ...areas, unsaved: null }; // kept on the bus
    },
  });
  system.begin();
  const registerAll = async (next: ServeConfig): Promise<void> => {
    applied = next;
    await registerConfigured(register, next.cameras, clock.wallTimeMs());
  };
  await registerAll(config);
  return { server, register: registerAll };
}

/** Cameras of requests are on the bus; those of the configuration come again with it. */
function busKeeps({ entries }: RoleOptions['joined']['register']): ServerOptions['cameraFile'] {
  return {
    lasting: true,
    unsavable: async () => 'the bus keeps cameras, and those of the configuration are added again with it',
    unsaved: (id) => (entries.get(id)?.value.origin === 'configuration' ? null : 'the bus keeps it'),
    save: async () => ({ unsaved: 'the bus keeps it', variables: [] }),
    remove: async () => null,
  };
}

/** Before a machine that reads cameras was heard of: what this one would do. */
function installationInfo(config: ServeConfig): SystemInfo {
  const models = findModels([MODEL_IDS[config.analysis.model]]);
  return {
    mienVersion: mienVersion(),
    purpose: config.purpose,
    emotions: config.mode === 'full',
    actionUnits: affectManifest({ models }).labels.actionUnits ?? [],
    device: 'cpu',
    models: modelUses(models),
    notice: config.notice.text,
    startedAt: new Date().toISOString(),
  };
}
