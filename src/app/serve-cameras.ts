import type { ServeConfig } from '../config/serve-config.js';
import { counted } from '../domain/counted.js';
import { AffectError, errorWords } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import { type CameraOrigin, LiveCameras } from '../live/live-cameras.js';
import type { Metrics } from '../metrics/create-metrics.js';
import type { Asker, KeyframeSink } from '../mllm/keyframe-sink.js';
import { mienVersion } from '../package-info.js';
import { affectManifest, createFacePipeline } from '../pipeline/create-face-pipeline.js';
import { type ModelRuntime, modelUses } from '../pipeline/model-runtime.js';
import { followRules } from '../rules/follow-rules.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';
import {
  type CameraInputPolicy,
  checkCameraInput,
  checkCameraTarget,
  refusesAddress,
} from '../source/camera/check-camera-input.js';
import { createLiveSource } from '../source/camera/live-source.js';
import { redactCamera } from '../source/camera/redact.js';
import { SYSTEM_LOOKUPS } from '../source/camera/system-lookups.js';
import { createCameraFeed } from './camera-feed.js';

interface ServeCamerasOptions {
  readonly runtime: ModelRuntime;
  readonly metrics: Metrics;
  /** Asks about some of the frames, and answers questions of persons. */
  readonly questions: KeyframeSink & Asker;
  readonly logger: Pick<Logger, 'warn' | 'debug'>;
  /** Programs that are connected. */
  readonly clients: () => number;
  /** No lane is left. */
  readonly onLanesDead: (error: AffectError) => void;
  /** This process among several; firings of rules are told apart by it. @default alone */
  readonly node?: string;
}

/** The cameras of `mien serve`, none yet: each gets a feed by its kind and a pipeline on the lanes all share. */
export function createServeCameras(config: ServeConfig, options: ServeCamerasOptions): LiveCameras {
  const { runtime, metrics, questions, logger, clients, onLanesDead, node } = options;
  const { baseline } = config.analysis;
  const emotions = config.mode === 'full';
  const lateDecay = config.mllm ? { lateDecaySeconds: config.mllm.fusion.decaySeconds } : {};
  const policyOf = (origin: CameraOrigin) => inputPolicy(config, origin);
  const guardOf = (origin: CameraOrigin) =>
    origin === 'request' ? { refuseAddress: refusesAddress(policyOf(origin)) } : {};
  const warn = warnOfFailures(logger);
  const onError = (error: unknown): void => logger.warn(`a rule could not be evaluated: ${errorWords(error)}`);
  return new LiveCameras({
    info: {
      mienVersion: mienVersion(),
      purpose: config.purpose,
      emotions,
      actionUnits: affectManifest(runtime).labels.actionUnits ?? [],
      device: runtime.device.used,
      models: modelUses(runtime.models),
      notice: config.notice.text,
      startedAt: new Date().toISOString(),
    },
    maxCameras: config.maxCameras,
    retainEpisodes: { ms: config.retention.episodesMs, count: config.retention.maxEpisodes },
    preview: config.preview,
    telemetry: metrics.telemetry,
    keyframes: questions,
    asker: questions,
    check: async (camera, origin) => {
      const policy = policyOf(origin);
      checkCameraInput(camera.input, policy);
      await checkCameraTarget(camera.input, policy, SYSTEM_LOOKUPS);
    },
    openFeed: (camera, origin, { ptsUs: startUs }) => createCameraFeed(camera, { startUs, ...guardOf(origin) }),
    openSource: (camera, origin) => createLiveSource(camera, guardOf(origin)),
    createPipeline: ({ id: source, minFacePx, maxFps: sampleFps }, pace, { firstTrack }) =>
      createFacePipeline({
        runtime,
        source,
        baseline,
        emotions,
        minFacePx,
        sampleFps,
        pace,
        firstTrack,
        episodes: 'all',
        ...lateDecay,
      }),
    ...(config.rules.length === 0
      ? {}
      : {
          follow: followRules({
            rules: config.rules,
            clock: SYSTEM_CLOCK,
            onError,
            ...(node ? { run: runOf(node) } : {}),
          }),
        }),
    redact: redactCamera,
    lanes: () => ({ count: runtime.lanes.lanes.length, restarts: runtime.lanes.restarts }),
    clients,
    onError: (source, error) => {
      if (error instanceof AffectError && error.code === 'LANE_DIED') onLanesDead(error);
      warn(source, error);
    },
  });
}

/** Firings of this run of a process, and of no other. */
const runOf = (node: string): string => `${node}-${Date.now().toString(36)}-`;

export const inputPolicy = (config: ServeConfig, origin: CameraOrigin): CameraInputPolicy => ({
  addedBy: origin,
  privateAddresses: 'allow',
  allowedFolders: config.restAllowedFolders,
});

/** Throws CONFIG_INVALID when a configured camera can never be opened; asked before models are loaded for it. */
export function checkConfiguredCameras(config: ServeConfig): void {
  for (const { input } of config.cameras) checkCameraInput(input, inputPolicy(config, 'configuration'));
}

/** Warns of the 1st, 10th, 100th ... failure of a camera: a fault of every frame must not fill the log. */
function warnOfFailures(logger: Pick<Logger, 'warn' | 'debug'>): (source: string, error: unknown) => void {
  const failures = new Map<string, number>();
  return (source, error) => {
    const count = (failures.get(source) ?? 0) + 1;
    failures.set(source, count);
    const level = Number.isInteger(Math.log10(count)) ? 'warn' : 'debug';
    const line = `camera ${source}: ${counted(count, 'frame')} could not be analysed: ${errorWords(error)}`;
    logger[level](line, { camera: source });
  };
}
