import { resolve } from 'node:path';
import type { MllmConfig } from '../config/serve-config.js';
import { MEASURED, type MllmEngine } from '../domain/insight.js';
import { landmarkMaker } from '../landmarks/landmark-sets.js';
import { MeasuredEngine } from '../mllm/measured-engine.js';
import { MIEN_VLM_PROMPTS } from '../mllm/mien-vlm/prompts.js';
import { MienVlmEngine } from '../mllm/mien-vlm-engine.js';
import { OpenAiEngine } from '../mllm/openai-engine.js';
import { TransformersEngine } from '../mllm/transformers-engine.js';
import { loadCanonicalFace } from '../models/registry.js';

/** Which engine, as a configuration or a command line names it. */
export type MllmEngineChoice = Omit<MllmConfig['engine'], 'adapters'> & Partial<Pick<MllmConfig['engine'], 'adapters'>>;

/** What is known of the engine that was chosen where another machine has its files and its key. */
export function namedEngine({
  engine,
}: {
  readonly engine: MllmEngineChoice;
}): Pick<MllmEngine, 'id' | 'model' | 'adapters' | 'prompts'> {
  const { type, model, adapters = {} } = engine;
  return { id: type, model: model || type, adapters, ...(type === 'mien-vlm' ? { prompts: MIEN_VLM_PROMPTS } : {}) };
}

/** The engine that was chosen, for serve, analyze and eval; it sends nothing yet. Throws CONFIG_INVALID, never with a key, and MODEL_INVALID. */
export function createMllmEngine({ engine }: { readonly engine: MllmEngineChoice }): MllmEngine {
  const { type, urls, model, adapters = {}, keyEnv, timeoutMs } = engine;
  if (type === MEASURED) return new MeasuredEngine();
  if (type === 'mien-vlm') return new MienVlmEngine(model === '' ? {} : { folder: resolve(model) });
  if (type === 'transformers') return new TransformersEngine({ id: 'transformers', model });
  return new OpenAiEngine({
    id: 'openai',
    model,
    adapters,
    urls,
    keyVariable: keyEnv,
    timeoutMs,
    landmarks: landmarkMaker(loadCanonicalFace),
  });
}
