import type { ServeConfig } from '../config/serve-config.js';
import type { AffectError } from '../domain/errors.js';
import type { MllmEngine } from '../domain/insight.js';
import type { Logger } from '../domain/logger.js';
import type { LiveCameras } from '../live/live-cameras.js';
import type { Metrics } from '../metrics/create-metrics.js';
import { affectManifest } from '../pipeline/create-face-pipeline.js';
import { loadedWords, type ModelRuntime, type RuntimeOptions } from '../pipeline/model-runtime.js';
import { checkRuleUnits } from './check-rules.js';
import { createFaceQuestions } from './create-face-questions.js';
import { createLiveQuestions } from './create-live-questions.js';
import { holdFolders } from './hold-folders.js';
import type { Parts } from './parts.js';
import { createServeCameras } from './serve-cameras.js';
import { type Acting, startActing } from './start-acting.js';

/** How models are started; another in tests. */
export type StartRuntime = (options: RuntimeOptions, signal?: AbortSignal) => Promise<ModelRuntime>;

export interface ReadingOptions {
  readonly start: StartRuntime;
  readonly signal: AbortSignal;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Programs that are connected. */
  readonly clients: () => number;
  /** No lane is left, or a folder was taken over. */
  readonly fail: (error: AffectError) => void;
  /** Who answers questions about faces. @default the engine that is configured */
  readonly engine?: MllmEngine;
  /** This process among several: what it tells others apart from them. @default alone */
  readonly node?: string;
  /** Whether a camera that is removed here goes on at another process. @default never */
  readonly isHandedOver?: (camera: string) => boolean;
}

/** What reads cameras and acts on what they tell. */
export interface Reading {
  readonly runtime: ModelRuntime;
  readonly cameras: LiveCameras;
  readonly acting: Acting;
  /** Begins to ask the language model, if there is one. */
  startQuestions(): void;
}

/**
 * Takes the folders of this process, starts lanes, language model, what acts on events, and the cameras, none yet; each
 * is closed with `parts`, but for the cameras, which the caller closes together with who listens to them.
 */
export async function startReading(config: ServeConfig, parts: Parts, options: ReadingOptions): Promise<Reading> {
  const { metrics, logger, clients, fail, engine, node, isHandedOver } = options;
  await holdFolders(config, parts, { logger, signal: options.signal, onLost: fail });
  const showFaces = config.preview.enabled && !config.preview.blurFaces;
  const common = { showFaces, telemetry: metrics.telemetry, logger, ...(engine ? { engine } : {}) };
  const questions = config.mllm && createLiveQuestions(config.mllm, common);
  const runtime = parts.add(await startModels(config, options), (each) => each.close());
  tellRuntime(runtime, { metrics, logger });
  if (questions) parts.add(questions, (each) => each.close());
  const asking = parts.add(createFaceQuestions(config, { inner: questions, showFaces }), (each) => each.close());
  checkRuleUnits(config, affectManifest(runtime).labels.actionUnits ?? []);
  const previews: LiveCameras['previews'] = (id, wanted) => cameras.previews(id, wanted);
  const acting = await startActing(config, parts, {
    runtime,
    metrics,
    logger,
    previews,
    ...(node ? { node } : {}),
    ...(isHandedOver ? { isHandedOver } : {}),
  });
  const cameras = createServeCameras(config, {
    runtime,
    metrics,
    questions: asking,
    logger,
    clients,
    onLanesDead: fail,
    ...(node ? { node } : {}),
  });
  cameras.events.subscribe(acting.act);
  metrics.bindSystem(() => cameras.stats());
  return { runtime, cameras, acting, startQuestions: () => questions?.start() };
}

/** Cameras are not listened to, so nothing is loaded that hears. */
function startModels(
  { analysis: { detector, model, device, precision, lanes } }: ServeConfig,
  { start, signal }: Pick<ReadingOptions, 'start' | 'signal'>,
): Promise<ModelRuntime> {
  return start({ detector, model, device, precision, voice: false, ...(lanes === null ? {} : { lanes }) }, signal);
}

/** What runs the models, and why it is not what was asked for. */
function tellRuntime(
  runtime: ModelRuntime,
  { metrics, logger }: { readonly metrics: Metrics; readonly logger: Logger },
): void {
  const { model, device, precision } = runtime;
  for (const { problem } of [device, precision]) if (problem !== null) logger.warn(problem);
  metrics.tellModels({ model, device: device.used, precision: precision.used });
  logger.debug(loadedWords(runtime));
}
