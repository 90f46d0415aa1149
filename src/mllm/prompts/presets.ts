import { AffectError } from '../../domain/errors.js';
import { MLLM_TASKS, type MllmTask } from '../../domain/insight.js';
import { COMPOUND_BASIC, type CompoundLabelSet, compoundExpression } from './compound.js';
import { EMOLA_ACTION_UNITS, EMOLA_EMOTION } from './emola.js';
import { FEALLM_DESCRIBE } from './feallm.js';
import type { PromptTemplate } from './template.js';
import { type UniferLabelSet, uniferLabel, uniferQuestion } from './unifer.js';

/** The question of one task: `next` is asked after it, with the emotion that the first answer named. */
export interface TaskPrompts {
  readonly first: PromptTemplate;
  readonly next: PromptTemplate | null;
}

export interface PresetOptions {
  /** Label set of `question`. Default "ferplus", whose eight classes are mien's own. */
  readonly questionLabels?: UniferLabelSet;
  /** Ask `question` by the label path: fast, with probabilities, without reasoning. Default false. */
  readonly questionByLabel?: boolean;
  /** Classes of `compound`. Default "raf-db" (eleven). */
  readonly compoundLabels?: CompoundLabelSet;
}

/** The prompts of a task. */
export function taskPrompts(task: MllmTask, options: PresetOptions = {}): TaskPrompts {
  const labels = options.questionLabels ?? 'ferplus';
  switch (task) {
    case 'emotion':
      return { first: EMOLA_EMOTION, next: null };
    case 'action-units':
      return { first: EMOLA_ACTION_UNITS, next: null };
    case 'describe':
      return { first: FEALLM_DESCRIBE, next: null };
    case 'question':
      return { first: options.questionByLabel === true ? uniferLabel(labels) : uniferQuestion(labels), next: null };
    case 'compound':
      return { first: COMPOUND_BASIC, next: compoundExpression(options.compoundLabels ?? 'raf-db') };
  }
}

/** Tasks whose answers infer no emotion: the only ones of the AU-only mode. */
export const AU_ONLY_TASKS: readonly MllmTask[] = ['action-units'];

/** Checks a list of tasks. Throws CONFIG_INVALID that names the task, and what to choose. */
export function checkTasks(tasks: readonly string[], mode: { readonly auOnly: boolean }): readonly MllmTask[] {
  const allowed = mode.auOnly ? AU_ONLY_TASKS : MLLM_TASKS;
  const wrong = tasks.find((task) => !(allowed as readonly string[]).includes(task));
  if (tasks.length === 0 || wrong !== undefined || new Set(tasks).size !== tasks.length) {
    const why =
      tasks.length === 0 ? 'no task is given' : wrong === undefined ? 'a task is given twice' : `"${wrong}" is given`;
    const when = mode.auOnly ? ' in the AU-only mode' : '';
    throw new AffectError('CONFIG_INVALID', `mllm tasks${when}: ${why}; choose from ${allowed.join(', ')}`);
  }
  return tasks as readonly MllmTask[];
}
