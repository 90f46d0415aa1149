import type { PromptTemplate } from './template.js';

/** Label sets of the four parts of FERBench, as their questions write them where known (UniFER, 2025). */
export const UNIFER_LABELS = {
  'raf-db': ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'],
  ferplus: ['angry', 'contempt', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'],
  affectnet: ['neutral', 'happy', 'sad', 'surprise', 'fear', 'disgust', 'anger', 'contempt'],
  sfew: ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'],
} as const;
export type UniferLabelSet = keyof typeof UNIFER_LABELS;

/** Side of the picture that UniFER-7B was run on. */
export const UNIFER_IMAGE_PX = 224;
/** Longest answer it was run with. */
export const UNIFER_MAX_TOKENS = 1024;

const QUESTION =
  'You know facial expressions well. Of these expressions, which one is the clearest on this face: {candidates}?\n{priors}\n';

/** Visual question with reasoning in `<think>` and one candidate in `<answer>`: for single events, since it is long. */
export function uniferQuestion(labels: UniferLabelSet): PromptTemplate {
  return {
    id: `unifer-question-${labels}@1`,
    task: 'question',
    system: null,
    user: `${QUESTION}Put your reasoning between <think> and </think>, then the chosen word alone between <answer> and </answer>.`,
    candidates: UNIFER_LABELS[labels],
    schema: null,
    labelPath: false,
    prefill: null,
    maxTokens: UNIFER_MAX_TOKENS,
    imagePx: UNIFER_IMAGE_PX,
  };
}

/** The same question by the label path: the answer is begun, one token follows, its probabilities are read. */
export function uniferLabel(labels: UniferLabelSet): PromptTemplate {
  return {
    ...uniferQuestion(labels),
    id: `unifer-label-${labels}@1`,
    user: `${QUESTION}Answer with the chosen word alone between <answer> and </answer>.`,
    labelPath: true,
    prefill: '<answer>',
    maxTokens: 1,
  };
}
