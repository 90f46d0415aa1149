/** What a multimodal LLM is asked; each has its own prompt template (src/mllm/prompts). */
export const MLLM_TASKS = [
  /** EmoLA: which emotion does this face show. */
  'emotion',
  /** EmoLA: which action units are present. */
  'action-units',
  /** FEALLM: emotion summary, facial movement and emotion reasoning, in one structured answer. */
  'describe',
  /** UniFER: visual question with candidates; `<think>`, then `<answer>`. */
  'question',
  /** Two expressions at once, in the classes of RAF-DB; or none. */
  'compound',
] as const;
export type MllmTask = (typeof MLLM_TASKS)[number];

/** Tasks whose answers infer no emotion: the only ones of the AU-only mode. */
export const AU_ONLY_TASKS: readonly MllmTask[] = ['action-units'];

/** What measurements alone answer. */
export const MEASURED_TASKS: readonly MllmTask[] = ['describe', 'action-units'];

/** What is asked of every keyframe where nobody says. */
export const DEFAULT_TASKS: readonly MllmTask[] = ['describe'];

/** What words may answer: what is asked of keyframes, and a question that a person asks about a face. */
export const INSIGHT_TASKS = [...MLLM_TASKS, 'asked'] as const;
export type InsightTask = (typeof INSIGHT_TASKS)[number];
