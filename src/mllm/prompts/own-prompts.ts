import { createHash } from 'node:crypto';
import { MLLM_TASKS, type MllmEngine } from '../../domain/insight.js';
import type { OwnPrompts, Prompts } from '../../domain/prompt-template.js';
import { taskPrompt } from './presets.js';

/**
 * Questions of a file, filled up from those that an engine's model was taught, else from the presets; and the others that
 * it was taught. One without an id gets a digest of all it says, so that insights of two wordings are never taken for the
 * same.
 */
export function promptsOf(own: OwnPrompts, { prompts = {} }: Pick<MllmEngine, 'prompts'> = {}): Prompts {
  return Object.fromEntries(
    MLLM_TASKS.flatMap((task) => {
      const said = own[task];
      if (said === undefined) return prompts[task] === undefined ? [] : [[task, prompts[task]]];
      const prompt = { ...taskPrompt(task, prompts), ...said };
      const digest = createHash('sha256').update(JSON.stringify(prompt)).digest('hex').slice(0, 8);
      return [[task, { ...prompt, id: said.id ?? `own-${task}-${digest}@1` }]];
    }),
  );
}
