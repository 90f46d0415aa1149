import type { MllmConfig } from '../config/serve-config.js';
import { LiveQuestions, type LiveQuestionsOptions } from '../mllm/live-questions.js';
import { promptsOf } from '../mllm/prompts/own-prompts.js';
import { SELECT_DEFAULTS } from '../mllm/select-options.js';
import { createMllmEngine } from './mllm-engine.js';

/** What asks a multimodal LLM about live cameras, as configured; it asks nothing before `start()`. Throws CONFIG_INVALID. */
export function createLiveQuestions(
  config: MllmConfig,
  {
    engine = createMllmEngine(config),
    ...options
  }: Pick<LiveQuestionsOptions, 'showFaces' | 'telemetry' | 'logger' | 'clock'> & {
    /** @default the one that is configured */
    readonly engine?: LiveQuestionsOptions['engine'];
  },
): LiveQuestions {
  const { perCamera, overall } = SELECT_DEFAULTS;
  const budget = (perMinute: number | null, preset: typeof perCamera) =>
    perMinute && preset && { ...preset, perMinute };
  return new LiveQuestions({
    engine,
    ...options,
    tasks: config.tasks,
    prompts: promptsOf(config.prompts, engine),
    priors: config.priors,
    imagePx: config.imagePx,
    select: {
      minIntervalSeconds: config.minIntervalMs / 1000,
      maxIntervalSeconds: config.maxIntervalMs / 1000,
      perCamera: budget(config.perCameraPerMinute, perCamera) || null,
      overall: budget(config.overallPerMinute, overall) || null,
    },
    weight: config.fusion.weight,
    timeoutMs: config.engine.timeoutMs,
  });
}
