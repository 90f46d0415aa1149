import type { PromptTemplate } from '../../domain/prompt-template.js';
import { PLAIN } from './template.js';

/** Label sets of the four parts of FERBench, as their questions write them where known (UniFER, 2025). */
export const UNIFER_LABELS = {
  'raf-db': ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'],
  ferplus: ['angry', 'contempt', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'],
  affectnet: ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust', 'anger', 'contempt'],
  sfew: ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'],
} as const;
export type UniferLabelSet = keyof typeof UNIFER_LABELS;

/** Side of the picture that UniFER-7B was run on. */
export const UNIFER_IMAGE_PX = 224;
/** Longest answer it was run with. */
export const UNIFER_MAX_TOKENS = 1024;

const QUESTION =
  'You know facial expressions well. Of these expressions, which one is the clearest on this face: {candidates}?\n{priors}\n';

/** Characters of reasoning for which there is room before the answer. */
const THOUGHT_CHARS = 1200;

/** Visual question with reasoning in `<think>` and one candidate in `<answer>`: for single events, since it is long. */
export function uniferQuestion(labels: UniferLabelSet): PromptTemplate {
  const candidates = UNIFER_LABELS[labels];
  return {
    ...PLAIN,
    id: `unifer-question-${labels}@1`,
    task: 'question',
    system: null,
    user: `${QUESTION}Put your reasoning between <think> and </think>, then the chosen word alone between <answer> and </answer>.`,
    candidates,
    form: {
      kind: 'regex',
      pattern: `<think>[^<]{1,${THOUGHT_CHARS}}</think>\\s?<answer>(${candidates.join('|')})</answer>`,
    },
    maxTokens: UNIFER_MAX_TOKENS,
    imagePx: UNIFER_IMAGE_PX,
  };
}
