import { AffectError } from '../../domain/errors.js';
import { AU_ONLY_TASKS, MEASURED_TASKS, MLLM_TASKS, type MllmTask } from '../../domain/insight.js';
import type { Prompts, PromptTemplate } from '../../domain/prompt-template.js';
import { COMPOUND_OR_NONE } from './compound.js';
import { EMOLA_ACTION_UNITS, EMOLA_EMOTION } from './emola.js';
import { FEALLM_DESCRIBE } from './feallm.js';
import { uniferQuestion } from './unifer.js';

/** What is asked where no file of `mllm.prompts` says otherwise. */
const PRESETS: Readonly<Record<MllmTask, PromptTemplate>> = {
  emotion: EMOLA_EMOTION,
  'action-units': EMOLA_ACTION_UNITS,
  describe: FEALLM_DESCRIBE,
  question: uniferQuestion('ferplus'),
  compound: COMPOUND_OR_NONE,
};

/** The question of a task: one of those given, else the preset. */
export function taskPrompt(task: MllmTask, own: Prompts = {}): PromptTemplate {
  return own[task] ?? PRESETS[task];
}

/** Checks a list of tasks. Throws CONFIG_INVALID that names the task, and what to choose. */
export function checkTasks(
  tasks: readonly string[],
  mode: {
    readonly auOnly: boolean /** Answered from measurements alone. Default: by a model. */;
    readonly measured?: boolean;
  },
): readonly MllmTask[] {
  const allowed = mode.auOnly ? AU_ONLY_TASKS : mode.measured ? MEASURED_TASKS : MLLM_TASKS;
  const wrong = tasks.find((task) => !(allowed as readonly string[]).includes(task));
  if (tasks.length === 0 || wrong !== undefined || new Set(tasks).size !== tasks.length) {
    const why =
      tasks.length === 0 ? 'no task is given' : wrong === undefined ? 'a task is given twice' : `"${wrong}" is given`;
    const when = mode.auOnly ? ' in the AU-only mode' : mode.measured ? ' of the engine measured' : '';
    throw new AffectError('CONFIG_INVALID', `mllm tasks${when}: ${why}; choose from ${allowed.join(', ')}`);
  }
  return tasks as readonly MllmTask[];
}
