import { resolve } from 'node:path';
import type { MllmConfig } from '../config/serve-config.js';
import { MEASURED, type MllmEngine } from '../domain/insight.js';
import { MeasuredEngine } from '../mllm/measured-engine.js';
import { MienVlmEngine } from '../mllm/mien-vlm-engine.js';
import { OpenAiEngine } from '../mllm/openai-engine.js';
import { TransformersEngine } from '../mllm/transformers-engine.js';

/** Which engine, as a configuration or a command line names it. */
export type MllmEngineChoice = MllmConfig['engine'];

/** The engine that was chosen, for serve, analyze and eval; it sends nothing yet. Throws CONFIG_INVALID, never with a key, and MODEL_INVALID. */
export function createMllmEngine({ engine }: { readonly engine: MllmEngineChoice }): MllmEngine {
  const { type, urls, model, keyEnv, timeoutMs } = engine;
  if (type === MEASURED) return new MeasuredEngine();
  if (type === 'mien-vlm') return new MienVlmEngine(model === '' ? {} : { folder: resolve(model) });
  if (type === 'transformers') return new TransformersEngine({ id: 'transformers', model });
  return new OpenAiEngine({ id: 'openai', model, urls, keyVariable: keyEnv, timeoutMs });
}
