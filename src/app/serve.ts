import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diffConfig } from '../config/diff.js';
import type { ServeConfig } from '../config/serve-config.js';
import type { Areas } from '../domain/areas.js';
import type { AffectError } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import type { LiveCameras } from '../live/live-cameras.js';
import { createMetrics, type Metrics } from '../metrics/create-metrics.js';
import { mienVersion } from '../package-info.js';
import { affectManifest } from '../pipeline/create-face-pipeline.js';
import { type ModelRuntime, type RuntimeOptions, startRuntime } from '../pipeline/model-runtime.js';
import type { Server, ServerOptions } from '../server/server-options.js';
import { startServer } from '../server/start-server.js';
import { createAreaKeeper } from './area-keeper.js';
import { checkRuleUnits, ruleWithoutZone, unknownRuleCameras } from './check-rules.js';
import { createFaceQuestions } from './create-face-questions.js';
import { createLiveQuestions } from './create-live-questions.js';
import { holdFolders } from './hold-folders.js';
import { Parts } from './parts.js';
import { reloadCameras } from './reload-cameras.js';
import { checkConfiguredCameras, createServeCameras } from './serve-cameras.js';
import { startActing } from './start-acting.js';

const DASHBOARD_DIR = fileURLToPath(new URL('../dashboard/', import.meta.url));

/** A running `mien serve`. */
export interface Serving {
  /** Address of the server, "http://127.0.0.1:7420". */
  readonly url: string;
  /** Resolves, never rejects, when it can no longer work: every lane is dead, or a folder was taken over. */
  readonly failed: Promise<AffectError>;
  /** Adds, changes and removes cameras as the new configuration says; answers the keys that need a restart. */
  reload(config: ServeConfig): Promise<readonly string[]>;
  /** Ends clients and cameras, then the language model, then lanes. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts everything `mien serve` is, in this order: folders of its own, lanes, language model, cameras, server; resolves
 * when it listens and the cameras are added. Closed in reverse, also when a later part fails or the signal aborts.
 * `configFile` is where masks and zones that are drawn on the page are kept.
 * Errors: FOLDER_IN_USE, MODEL_INVALID, CONFIG_INVALID, LISTEN_FAILED; INTERRUPTED or LANES_CLOSED after an abort.
 */
export async function startServe(
  config: ServeConfig,
  logger: Logger,
  start: (options: RuntimeOptions, signal?: AbortSignal) => Promise<ModelRuntime> = startRuntime,
  signal: AbortSignal = new AbortController().signal,
  configFile: string | null = null,
): Promise<Serving> {
  checkConfiguredCameras(config);
  const metrics = createMetrics({ version: mienVersion(), defaultMetrics: config.metrics.defaultMetrics });
  const showFaces = config.preview.enabled && !config.preview.blurFaces;
  const questions =
    config.mllm && createLiveQuestions(config.mllm, { showFaces, telemetry: metrics.telemetry, logger });
  const parts = new Parts();
  let fail: (error: AffectError) => void = () => undefined;
  const failed = new Promise<AffectError>((resolve) => {
    fail = resolve;
  });
  /** The configuration whose cameras were opened last. */
  let applied = config;
  let server: Server | undefined;
  try {
    await holdFolders(config, parts, { logger, signal, onLost: (error) => fail(error) });
    const runtime = parts.add(await startModels(config, start, signal), (each) => each.close());
    tellRuntime(runtime, { metrics, logger });
    if (questions) parts.add(questions, (each) => each.close());
    const asking = parts.add(createFaceQuestions(config, { inner: questions, showFaces }), (each) => each.close());
    checkRuleUnits(config, affectManifest(runtime).labels.actionUnits ?? []);
    for (const line of unknownRuleCameras(config)) logger.warn(line);
    const previews: LiveCameras['previews'] = (id, options) => cameras.previews(id, options);
    const acting = await startActing(config, parts, { runtime, metrics, logger, previews });
    const cameras = parts.add(
      createServeCameras(config, {
        runtime,
        metrics,
        questions: asking,
        logger,
        clients: () => server?.clients ?? 0,
        onLanesDead: (error) => fail(error),
      }),
      (each) => each.close(),
    );
    cameras.events.subscribe(acting.act);
    metrics.bindSystem(() => cameras.stats());
    // The file that is read again then says what is in force: no camera is opened again for it.
    const setAreas = createAreaKeeper(
      configFile,
      cameras,
      (id, areas) => {
        applied = withCameraAreas(applied, id, areas);
      },
      (id, areas) => ruleWithoutZone(withCameraAreas(applied, id, areas)),
    );
    const cameraDefaults = () => applied.cameraDefaults;
    // Both at once: clients that read slowly are given time, in which the cameras need not run.
    const listening = await listen(config, { cameras, kept: acting.kept, metrics, logger, cameraDefaults, setAreas });
    server = parts.add(listening, (each) => Promise.all([each.close(), cameras.close()]));
    questions?.start();
    await addCameras(cameras, config, signal);
    acting.settle();
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

function startModels(
  { analysis: { detector, device, precision, lanes } }: ServeConfig,
  start: (options: RuntimeOptions, signal?: AbortSignal) => Promise<ModelRuntime>,
  signal: AbortSignal,
): Promise<ModelRuntime> {
  return start({ detector, device, precision, ...(lanes === null ? {} : { lanes }) }, signal);
}

/** What runs the models, and why it is not what was asked for. */
function tellRuntime(
  { device, precision, lanes }: ModelRuntime,
  { metrics, logger }: { readonly metrics: Metrics; readonly logger: Logger },
): void {
  for (const { problem } of [device, precision]) if (problem !== null) logger.warn(problem);
  metrics.tellDevice(device.used, precision.used);
  logger.debug(`models are loaded on ${device.used} in ${precision.used}; inference lanes: ${lanes.lanes.length}`);
}

const withCameraAreas = (config: ServeConfig, id: string, { masks, zones }: Areas): ServeConfig => ({
  ...config,
  cameras: config.cameras.map((camera) => (camera.id === id ? { ...camera, masks, zones } : camera)),
});

function listen(
  { server, retention, metrics: { enabled } }: ServeConfig,
  options: {
    readonly cameras: LiveCameras;
    readonly kept: ServerOptions['kept'];
    readonly metrics: Metrics;
    readonly logger: Logger;
    readonly cameraDefaults: () => ServeConfig['cameraDefaults'];
    readonly setAreas: ServerOptions['setAreas'];
  },
): Promise<Server> {
  const { cameras, kept, metrics, logger, cameraDefaults, setAreas } = options;
  return startServer({
    system: cameras,
    cameraDefaults,
    setAreas,
    kept,
    telemetry: metrics.telemetry,
    listen: { host: server.host, port: server.port },
    tokens: server.tokens,
    allowedOrigins: server.allowedOrigins,
    limits: {
      ...server.limits,
      headersTimeoutMs: server.limits.requestTimeoutMs,
      replayMs: retention.episodesMs,
    },
    dashboardDir: existsSync(DASHBOARD_DIR) ? DASHBOARD_DIR : null,
    metricsText: enabled ? () => metrics.text() : null,
    logger,
  });
}

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
