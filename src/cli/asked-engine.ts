import { AffectError } from '../domain/errors.js';
import type { MllmEngine } from '../domain/insight.js';
import { ANSWER_SECONDS, type AskingFlags } from './asking-options.js';
import { engineOfFlags } from './engine-of-flags.js';

/** The engine that is asked. Throws USAGE when none is named, and what an engine throws. */
export async function askedEngine(command: string, flags: AskingFlags): Promise<MllmEngine> {
  if (flags.mllmEngine !== undefined && flags.mllmEngine !== 'openai' && flags.timeout !== undefined)
    throw new AffectError('USAGE', '--timeout goes with --mllm-url: a model in this process is waited for');
  const engine = await engineOfFlags(flags, 1000 * (flags.timeout ?? ANSWER_SECONDS));
  if (engine !== null) return engine;
  throw new AffectError(
    'USAGE',
    `${command} asks a multimodal LLM: name it with --mllm-url URL --mllm-model NAME, --mllm-engine mien-vlm, or --mllm-engine transformers --mllm-model DIR`,
  );
}

/** A model in this process takes its questions as one batch; a server makes its own of what comes at once. */
export const paceOf = ({ mllmEngine, concurrency }: AskingFlags): { concurrency: number; batch: number } =>
  mllmEngine === 'transformers' ? { concurrency: 1, batch: concurrency } : { concurrency, batch: 1 };
