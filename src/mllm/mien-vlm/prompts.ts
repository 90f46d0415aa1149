import { COMPOUND_EXPRESSIONS, NO_COMPOUND } from '../../domain/insight.js';
import type { Prompts, PromptTemplate } from '../../domain/prompt-template.js';
import { UNIFER_LABELS } from '../prompts/unifer.js';

/** Its crop has 144 pixels and lies well inside the picture. */
const PICTURE_PX = 224;

const ASKED: Omit<PromptTemplate, 'id' | 'task' | 'user'> = {
  system: null,
  candidates: [],
  form: { kind: 'words' },
  labelPath: false,
  prefill: null,
  maxTokens: 160,
  imagePx: PICTURE_PX,
  pictures: 'face',
  examples: [],
};

/** Questions in the words that mien-vlm was taught (models/training/vlm/wording.py). */
export const MIEN_VLM_PROMPTS: Prompts = {
  emotion: {
    ...ASKED,
    id: 'mien-vlm-emotion@1',
    task: 'emotion',
    user: 'Which emotion is shown on this face? Name it in your first sentence, then point out the cues that show it.',
  },
  'action-units': {
    ...ASKED,
    id: 'mien-vlm-action-units@1',
    task: 'action-units',
    user: 'Which action units are active on this face? Give the cue and how strong it is.',
  },
  describe: {
    ...ASKED,
    id: 'mien-vlm-describe@1',
    task: 'describe',
    user: 'Describe this face with a summary, the movements and the reasoning.',
  },
  question: {
    ...ASKED,
    id: 'mien-vlm-question@1',
    task: 'question',
    user: 'You know facial expressions well. Of these expressions, which one is the clearest on this face: {candidates}? Put your reasoning between <think> and </think>, then the chosen word alone between <answer> and </answer>.',
    candidates: UNIFER_LABELS.ferplus,
  },
  compound: {
    ...ASKED,
    id: 'mien-vlm-compound@1',
    task: 'compound',
    user: 'Does this face show a compound expression? Name the compound expression, or none.',
    candidates: [...COMPOUND_EXPRESSIONS, NO_COMPOUND],
  },
};
