import { createHash } from 'node:crypto';
import { MLLM_TASKS } from '../../domain/insight.js';
import type { OwnPrompts, Prompts } from '../../domain/prompt-template.js';
import { taskPrompt } from './presets.js';

/**
 * Questions of a file, filled up from the presets. One without an id gets a digest of all it says, so that insights of
 * two wordings are never taken for the same.
 */
export function promptsOf(own: OwnPrompts): Prompts {
  return Object.fromEntries(
    MLLM_TASKS.flatMap((task) => {
      const said = own[task];
      if (said === undefined) return [];
      const prompt = { ...taskPrompt(task), ...said };
      const digest = createHash('sha256').update(JSON.stringify(prompt)).digest('hex').slice(0, 8);
      return [[task, { ...prompt, id: said.id ?? `own-${task}-${digest}@1` }]];
    }),
  );
}
