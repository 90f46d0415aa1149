import { createMllmEngine, type MllmEngineChoice } from '../app/mllm-engine.js';
import { AffectError } from '../domain/errors.js';
import type { MllmEngine } from '../domain/insight.js';

/** What a command line says of the engine to ask. */
export interface EngineFlags {
  readonly engine: MllmEngineChoice['type'] | undefined;
  readonly urls: readonly string[] | undefined;
  readonly model: string | undefined;
  readonly keyEnv: string | undefined;
  readonly timeoutMs?: number;
}

/** How a command calls these flags, for messages. */
export interface EngineFlagNames {
  readonly engine: string;
  readonly url: string;
  readonly model: string;
  readonly keyEnv: string;
}

/**
 * The engine that flags name: servers, or a model inside this process. Null when they name none.
 * Throws USAGE when they name both or half of one, CONFIG_INVALID for what an engine refuses.
 */
export function engineOfFlags(flags: EngineFlags, names: EngineFlagNames): MllmEngine | null {
  const { engine, urls, model, keyEnv, timeoutMs = 30_000 } = flags;
  const usage = (message: string): AffectError => new AffectError('USAGE', message);
  if (engine === undefined && urls === undefined) {
    if (model === undefined && keyEnv === undefined) return null;
    throw usage(`${names.model} and ${names.keyEnv} go with ${names.url} URL or ${names.engine} transformers`);
  }
  if (engine === 'transformers') {
    if (urls !== undefined) throw usage(`choose ${names.url} or ${names.engine} transformers, not both`);
    if (keyEnv !== undefined) throw usage(`${names.keyEnv} goes with ${names.url}: a model in this process has no key`);
    if (model === undefined)
      throw usage(`${names.engine} transformers needs ${names.model} DIR, the folder of a model, or its name`);
    return createMllmEngine({ engine: { type: 'transformers', urls: [], model, keyEnv: null, timeoutMs } });
  }
  if (urls === undefined) throw usage(`${names.engine} openai needs ${names.url} URL, the address of its server`);
  if (model === undefined) throw usage(`${names.url} needs ${names.model} NAME, as the server lists it`);
  return createMllmEngine({ engine: { type: 'openai', urls, model, keyEnv: keyEnv ?? null, timeoutMs } });
}
