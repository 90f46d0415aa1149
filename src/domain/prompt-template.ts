import type { InsightTask, MllmTask } from './mllm-tasks.js';

/** What an answer is held to, where an engine can. `words`: nothing. */
export type AnswerForm =
  | { readonly kind: 'words' }
  /** One of the candidates alone. */
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'json'; readonly schema: Readonly<Record<string, unknown>> }
  /** A regular expression of the whole answer, in the syntax that vLLM takes. */
  | { readonly kind: 'regex'; readonly pattern: string };

/** The member of a JSON answer that names a class, and the names that its schema allows. */
export interface LabelMember {
  readonly name: string;
  readonly labels: readonly string[];
}

/** Which pictures of a keyframe a question is about; engines that take one get the last of them. */
export const PICTURE_SETS = [
  /** The face, upright. */
  'face',
  /** Also shoulders and surroundings. */
  'face+context',
  /** The face when its episode began, and now; without an episode now alone. */
  'onset+apex',
  /** The face in up to four moments of the last second, the newest last. */
  'clip',
] as const;
export type PictureSet = (typeof PICTURE_SETS)[number];

/** A question answered before, as a model is shown it; without pictures. */
export interface PromptExample {
  readonly user: string;
  readonly assistant: string;
}

/**
 * A question as data: the presets and the file of `mllm.prompts` declare the same. `user` may hold `{candidates}`,
 * `{pictures}` and `{priors}`; each is replaced as a whole, and a line that only held an empty one goes away.
 */
export interface PromptTemplate {
  /** Template and version, e.g. "feallm-describe@2"; raise it with every change of wording. */
  readonly id: string;
  readonly task: InsightTask;
  readonly system: string | null;
  readonly user: string;
  /** Answers offered, as written in the question; empty when none are. */
  readonly candidates: readonly string[];
  readonly form: AnswerForm;
  /** Whether the label path is meant: one token, probabilities over `candidates`. */
  readonly labelPath: boolean;
  /** What the answer is begun with, where the engine can. */
  readonly prefill: string | null;
  readonly maxTokens: number;
  /** Side of its pictures; null: that of the stage. */
  readonly imagePx: number | null;
  readonly pictures: PictureSet;
  readonly examples: readonly PromptExample[];
}

/** Questions by task. */
export type Prompts = Readonly<Partial<Record<MllmTask, PromptTemplate>>>;

/** What a file of `mllm.prompts` says of questions; the rest is as in the presets. */
export type OwnPrompts = Readonly<Partial<Record<MllmTask, Partial<Omit<PromptTemplate, 'task'>>>>>;

/** Names that a question may hold in braces. */
export const PLACEHOLDERS = ['candidates', 'pictures', 'priors'] as const;
