import { diffConfig } from '../config/diff.js';
import type { ServeConfig } from '../config/serve-config.js';
import type { Areas } from '../domain/areas.js';
import type { AffectError } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import type { LiveCameras } from '../live/live-cameras.js';
import { createMetrics } from '../metrics/create-metrics.js';
import { mienVersion } from '../package-info.js';
import { startRuntime } from '../pipeline/model-runtime.js';
import type { Server, ServerOptions } from '../server/server-options.js';
import { createAreaKeeper } from './area-keeper.js';
import { createCameraKeeper } from './camera-keeper.js';
import { ruleWithoutZone, unknownRuleCameras } from './check-rules.js';
import { ConfigFile } from './config-file.js';
import { listen } from './listen.js';
import { Parts } from './parts.js';
import { reloadCameras } from './reload-cameras.js';
import { checkConfiguredCameras } from './serve-cameras.js';
import type { Serving } from './serving.js';
import { type StartRuntime, startReading } from './start-reading.js';
import { watchFirings } from './watch-firings.js';

export type { Serving } from './serving.js';

/**
 * Starts everything `mien serve` is, in this order: folders of its own, lanes, language model, cameras, server; resolves
 * when it listens and the cameras are added. Closed in reverse, also when a later part fails or the signal aborts. With
 * `cluster` it is one of several machines (serve-cluster.ts).
 * `configFile` is where cameras, masks and zones that are changed on the page are kept.
 * Errors: FOLDER_IN_USE, MODEL_INVALID, CONFIG_INVALID, LISTEN_FAILED, SERVER_UNREACHABLE; INTERRUPTED or LANES_CLOSED
 * after an abort.
 */
export async function startServe(
  config: ServeConfig,
  logger: Logger,
  start: StartRuntime = startRuntime,
  signal: AbortSignal = new AbortController().signal,
  configFile: string | null = null,
): Promise<Serving> {
  checkConfiguredCameras(config);
  if (config.cluster) {
    const { startClusterServe } = await import('./serve-cluster.js');
    return startClusterServe(config, config.cluster, { logger, start, signal });
  }
  const metrics = createMetrics({ version: mienVersion(), defaultMetrics: config.metrics.defaultMetrics });
  const parts = new Parts();
  let fail: (error: AffectError) => void = () => undefined;
  const failed = new Promise<AffectError>((resolve) => {
    fail = resolve;
  });
  /** The configuration whose cameras were opened last. */
  let applied = config;
  let server: Server | undefined;
  try {
    const reading = await startReading(config, parts, {
      start,
      signal,
      metrics,
      logger,
      clients: () => server?.clients ?? 0,
      fail: (error) => fail(error),
    });
    const cameras = parts.add(reading.cameras, (each) => each.close());
    for (const line of unknownRuleCameras(config)) logger.warn(line);
    const firings = watchFirings(config, cameras.events);
    const keepers = createKeepers(configFile, cameras, {
      applied: () => applied,
      apply: (next) => {
        applied = next;
      },
    });
    const cameraDefaults = () => applied.cameraDefaults;
    // Both at once: clients that read slowly are given time, in which the cameras need not run.
    const listening = await listen(config, {
      system: cameras,
      kept: reading.acting.kept,
      rules: () => firings.statuses(Date.now()),
      metrics,
      logger,
      cameraDefaults,
      ...keepers,
    });
    server = parts.add(listening, (each) => Promise.all([each.close(), cameras.close()]));
    reading.startQuestions();
    await addCameras(cameras, config, signal);
    reading.acting.settle();
    return {
      url: server.url,
      failed,
      reload: async (next) => {
        applied = await reloadCameras(cameras, { applied, next }, { logger, isClosing: () => parts.closing });
        // What runs is what was started with: going back to it needs no restart.
        return diffConfig(config, next).restart;
      },
      close: () => parts.close(),
    };
  } catch (error) {
    await parts.close().catch(() => undefined); // the first failure is the cause
    throw error;
  }
}

/**
 * What keeps changes of cameras in the configuration file. What is applied then says what the file says: no camera is
 * opened again when it is read again.
 */
function createKeepers(
  configFile: string | null,
  cameras: LiveCameras,
  { applied, apply }: { readonly applied: () => ServeConfig; readonly apply: (config: ServeConfig) => void },
): Pick<ServerOptions, 'setAreas' | 'cameraFile'> {
  const file = new ConfigFile(configFile);
  const ownConfig = (id: string) => cameras.ownConfig(id);
  return {
    cameraFile: createCameraKeeper(file, { ownConfig, applied, apply, env: process.env }),
    setAreas: createAreaKeeper(
      file,
      cameras,
      (id, areas) => apply(withCameraAreas(applied(), id, areas)),
      (id, areas) => ruleWithoutZone(withCameraAreas(applied(), id, areas)),
    ),
  };
}

const withCameraAreas = (config: ServeConfig, id: string, { masks, zones }: Areas): ServeConfig => ({
  ...config,
  cameras: config.cameras.map((camera) => (camera.id === id ? { ...camera, masks, zones } : camera)),
});

/** Throws INTERRUPTED when the signal aborts: a camera that is being checked is then given up, too. */
async function addCameras(cameras: LiveCameras, config: ServeConfig, signal: AbortSignal): Promise<void> {
  const stop = (): void => void cameras.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (const camera of config.cameras) {
      signal.throwIfAborted();
      await cameras.addCamera(camera, 'configuration');
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
