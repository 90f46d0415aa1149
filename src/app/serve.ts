import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diffConfig } from '../config/diff.js';
import type { ServeConfig } from '../config/serve-config.js';
import { counted } from '../domain/counted.js';
import { AffectError } from '../domain/errors.js';
import type { CameraConfig } from '../domain/live.js';
import { type CameraOrigin, LiveCameras } from '../live/live-cameras.js';
import { createMetrics } from '../metrics/create-metrics.js';
import { mienVersion } from '../package-info.js';
import { affectManifest, createFacePipeline } from '../pipeline/face-pipeline.js';
import { type ModelRuntime, modelUses, type RuntimeOptions, startRuntime } from '../pipeline/model-runtime.js';
import type { Server } from '../server/server-options.js';
import { startServer } from '../server/start-server.js';
import {
  type CameraInputPolicy,
  checkCameraInput,
  checkCameraTarget,
  refusesAddress,
} from '../source/live/check-camera-input.js';
import { redactCamera } from '../source/live/redact.js';
import { SYSTEM_LOOKUPS } from '../source/live/system-lookups.js';
import { createCameraFeed } from './camera-feed.js';
import { createCameraLog } from './camera-log.js';
import { createLiveQuestions } from './live-questions.js';

const DASHBOARD_DIR = fileURLToPath(new URL('../dashboard/', import.meta.url));

export interface ServeLogger {
  info(line: string): void;
  warn(line: string): void;
}

/** A running `mien serve`. */
export interface Serving {
  /** Address of the server, "http://127.0.0.1:7420". */
  readonly url: string;
  /** Resolves, never rejects, when it can no longer work: every inference lane is dead. */
  readonly failed: Promise<AffectError>;
  /** Adds, changes and removes cameras as the new configuration says; answers the keys that need a restart. */
  reload(config: ServeConfig): Promise<readonly string[]>;
  /** Ends clients and cameras, then the language model, then lanes. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts everything `mien serve` is: lanes, cameras, metrics and the server, in that order; resolves when it listens.
 * What was started is closed again when a later part fails, and when the signal aborts.
 * Errors: MODEL_INVALID, CONFIG_INVALID, LISTEN_FAILED; INTERRUPTED or LANES_CLOSED after an abort.
 */
export async function startServe(
  config: ServeConfig,
  logger: ServeLogger,
  start: (options: RuntimeOptions, signal?: AbortSignal) => Promise<ModelRuntime> = startRuntime,
  signal: AbortSignal = new AbortController().signal,
): Promise<Serving> {
  const { detector, baseline, lanes } = config.analysis;
  const emotions = config.mode === 'full';
  const lateDecay = config.mllm ? { lateDecaySeconds: config.mllm.fusion.decaySeconds } : {};
  const metrics = createMetrics({ version: mienVersion(), defaultMetrics: config.metrics.defaultMetrics });
  const questions =
    config.mllm &&
    createLiveQuestions(config.mllm, {
      showFaces: config.preview.enabled && !config.preview.blurFaces,
      telemetry: metrics.telemetry,
      logger,
    });
  const runtime = await start({ detector, ...(lanes === null ? {} : { lanes }) }, signal);
  const policyOf = (origin: CameraOrigin): CameraInputPolicy => ({
    addedBy: origin,
    privateAddresses: 'allow',
    allowedFolders: config.restAllowedFolders,
  });
  let fail: (error: AffectError) => void = () => undefined;
  const failed = new Promise<AffectError>((resolve) => {
    fail = resolve;
  });
  const failures = new Map<string, number>();
  let server: Server | undefined;
  /** The configuration whose cameras were opened last. */
  let applied = config;

  const cameras = new LiveCameras({
    info: {
      mienVersion: mienVersion(),
      purpose: config.purpose,
      emotions,
      actionUnits: affectManifest(runtime).labels.actionUnits ?? [],
      models: modelUses(runtime.models),
      notice: config.notice.text,
      startedAt: new Date().toISOString(),
    },
    maxCameras: config.maxCameras,
    retainEpisodes: { ms: config.retention.episodesMs, count: config.retention.maxEpisodes },
    preview: config.preview,
    telemetry: metrics.telemetry,
    keyframes: questions,
    check: async (camera, origin) => {
      const policy = policyOf(origin);
      checkCameraInput(camera.input, policy);
      await checkCameraTarget(camera.input, policy, SYSTEM_LOOKUPS);
    },
    openFeed: (camera, origin) =>
      createCameraFeed(camera, origin === 'request' ? { refuseAddress: refusesAddress(policyOf(origin)) } : {}),
    createPipeline: ({ id, minFacePx, maxFps: sampleFps }) =>
      createFacePipeline({
        runtime,
        source: id,
        detector,
        baseline,
        emotions,
        minFacePx,
        sampleFps,
        episodes: 'all',
        ...lateDecay,
      }),
    redact: redactCamera,
    lanes: () => ({ count: runtime.lanes.lanes.length, restarts: runtime.lanes.restarts }),
    clients: () => server?.clients ?? 0,
    onError: (source, error) => {
      if (error instanceof AffectError && error.code === 'LANE_DIED') fail(error);
      const count = (failures.get(source) ?? 0) + 1;
      failures.set(source, count);
      // 1, 10, 100 ...: a fault of every frame must not fill the log.
      if (Number.isInteger(Math.log10(count))) {
        logger.warn(`camera ${source}: ${counted(count, 'frame')} could not be analysed: ${wordsOf(error)}`);
      }
    },
  });
  const log = createCameraLog((line) => logger.info(line));
  cameras.events.subscribe((event) => {
    if (event.type === 'state') log(event.state);
  });
  metrics.bindSystem(() => cameras.stats());

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      await Promise.all([server?.close(), cameras.close()]);
      await questions?.close();
      await runtime.close();
    })();
    return closing;
  };
  const stop = (): void => void cameras.close(); // refuses the cameras that are still to be added
  signal.addEventListener('abort', stop, { once: true });
  try {
    server = await startServer({
      system: cameras,
      cameraDefaults: () => applied.cameraDefaults,
      telemetry: metrics.telemetry,
      listen: { host: config.server.host, port: config.server.port },
      tokens: config.server.tokens,
      allowedOrigins: config.server.allowedOrigins,
      limits: {
        ...config.server.limits,
        headersTimeoutMs: config.server.limits.requestTimeoutMs,
        replayMs: config.retention.episodesMs,
      },
      dashboardDir: existsSync(DASHBOARD_DIR) ? DASHBOARD_DIR : null,
      metricsText: config.metrics.enabled ? () => metrics.text() : null,
      logger,
    });
    questions?.start();
    for (const camera of config.cameras) {
      signal.throwIfAborted();
      await cameras.addCamera(camera, 'configuration');
    }
    signal.throwIfAborted();
  } catch (error) {
    await close();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }

  return {
    url: server.url,
    failed,
    reload: async (next) => {
      const { cameras: changes } = diffConfig(applied, next);
      const refused = await applyChanges(cameras, changes, { logger, isClosing: () => closing !== undefined });
      applied = { ...next, cameras: appliedCameras(applied.cameras, next.cameras, refused) };
      // What runs is what was started with: going back to it needs no restart.
      return diffConfig(config, next).restart;
    },
    close,
  };
}

/** The cameras of a configuration that are in force: one whose change was refused is still to be changed next time. */
function appliedCameras(
  before: readonly CameraConfig[],
  after: readonly CameraConfig[],
  refused: ReadonlySet<string>,
): readonly CameraConfig[] {
  return [...after.filter(({ id }) => !refused.has(id)), ...before.filter(({ id }) => refused.has(id))];
}

/** Each change by itself: one that is refused does not stop the others. @returns ids of what was refused */
async function applyChanges(
  cameras: LiveCameras,
  changes: {
    readonly added: readonly CameraConfig[];
    readonly changed: readonly CameraConfig[];
    readonly removed: readonly string[];
  },
  { logger, isClosing }: { readonly logger: ServeLogger; readonly isClosing: () => boolean },
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  const known = (id: string): boolean => cameras.cameraConfig(id) !== undefined;
  const attempt = async (id: string, work: () => Promise<unknown>): Promise<void> => {
    if (isClosing()) return;
    try {
      await work();
    } catch (error) {
      refused.add(id);
      if (!isClosing()) logger.warn(`reload: ${wordsOf(error)}`);
    }
  };
  // A camera may have been removed or added over REST since.
  for (const id of changes.removed) if (known(id)) await attempt(id, () => cameras.removeCamera(id));
  for (const camera of [...changes.changed, ...changes.added]) {
    await attempt(camera.id, () =>
      known(camera.id) ? cameras.replaceCamera(camera, 'configuration') : cameras.addCamera(camera, 'configuration'),
    );
  }
  return refused;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
