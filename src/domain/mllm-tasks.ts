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

/** What is asked of every keyframe where nobody says. */
export const DEFAULT_TASKS: readonly MllmTask[] = ['describe'];
