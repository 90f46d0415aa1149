import type { MllmEngineChoice } from '../app/mllm-engine.js';
import { AffectError } from '../domain/errors.js';
import { MEASURED, type MllmEngine } from '../domain/insight.js';
import { MLLM_DEFAULTS } from '../domain/mllm-defaults.js';
import type { EngineFlags } from './engine-options.js';

/**
 * The engine that flags name: servers, or a model inside this process. Null when they name none; engines are read only
 * for those who name one. Throws USAGE when they name both or half of one, CONFIG_INVALID for what an engine refuses.
 *
 * @param timeoutMs - for one answer of a server
 */
export async function engineOfFlags(
  flags: EngineFlags,
  timeoutMs: number = MLLM_DEFAULTS.timeoutMs,
): Promise<MllmEngine | null> {
  const engine = choiceOf(flags, timeoutMs);
  if (engine === null) return null;
  const { createMllmEngine } = await import('../app/mllm-engine.js');
  return createMllmEngine({ engine });
}

function choiceOf(flags: EngineFlags, timeoutMs: number): MllmEngineChoice | null {
  const { mllmEngine, mllmUrl: urls, mllmModel: model, mllmKeyEnv: keyEnv } = flags;
  const measured: MllmEngineChoice = { type: MEASURED, urls: [], model: '', keyEnv: null, timeoutMs };
  const usage = (message: string): AffectError => new AffectError('USAGE', message);
  if (flags.mllmAdapter !== undefined && urls === undefined)
    throw usage('--mllm-adapter goes with --mllm-url: a model in this process has no adapters');
  if (mllmEngine === undefined && urls === undefined) {
    if (model === undefined && keyEnv === undefined && flags.mllmPrompts === undefined)
      return flags.words ? measured : null;
    throw usage('--mllm-model, --mllm-key-env and --mllm-prompts go with --mllm-url URL or --mllm-engine transformers');
  }
  if (mllmEngine === MEASURED) {
    if ((urls ?? keyEnv ?? model ?? flags.mllmPrompts) !== undefined)
      throw usage(
        '--mllm-engine measured asks no model: leave out --mllm-url, --mllm-model, --mllm-key-env and --mllm-prompts',
      );
    return measured;
  }
  if (mllmEngine === 'transformers') {
    if (urls !== undefined) throw usage('choose --mllm-url or --mllm-engine transformers, not both');
    if (keyEnv !== undefined) throw usage('--mllm-key-env goes with --mllm-url: a model in this process has no key');
    if (model === undefined)
      throw usage('--mllm-engine transformers needs --mllm-model DIR, the folder of a model, or its name');
    return { type: 'transformers', urls: [], model, keyEnv: null, timeoutMs };
  }
  if (mllmEngine === 'mien-vlm') {
    if ((urls ?? keyEnv) !== undefined)
      throw usage('--mllm-engine mien-vlm is a model in this process: leave out --mllm-url and --mllm-key-env');
    return { type: 'mien-vlm', urls: [], model: model ?? '', keyEnv: null, timeoutMs };
  }
  if (urls === undefined) throw usage('--mllm-engine openai needs --mllm-url URL, the address of its server');
  if (model === undefined) throw usage('--mllm-url needs --mllm-model NAME, as the server lists it');
  const adapters = flags.mllmAdapter ?? {};
  return { type: 'openai', urls, model, adapters, keyEnv: keyEnv ?? null, timeoutMs };
}
