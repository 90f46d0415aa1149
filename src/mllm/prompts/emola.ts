import { type PromptTemplate, SYSTEM } from './template.js';

/** One emotion in words (the task of EmoLA, ECCV 2024); free text, read by its synonym rules. */
export const EMOLA_EMOTION: PromptTemplate = {
  id: 'emola-emotion@1',
  task: 'emotion',
  system: SYSTEM,
  user: 'Which emotion do you see on this face? Name it in your first sentence, then point out the cues that show it.\n{priors}',
  candidates: [],
  schema: null,
  labelPath: false,
  prefill: null,
  maxTokens: 160,
  imagePx: null,
};

/** Action units with cue, degree and meaning (the task of EmoLA, ECCV 2024); free text with "AU" and its number. */
export const EMOLA_ACTION_UNITS: PromptTemplate = {
  id: 'emola-action-units@1',
  task: 'action-units',
  system: SYSTEM,
  user:
    'Which facial action units are active on this face? Write each as AU followed by its number, with the cue that ' +
    'shows it, how strong it is, and what it may mean. Leave out those that are inactive.\n{priors}',
  candidates: [],
  schema: null,
  labelPath: false,
  prefill: null,
  maxTokens: 400,
  imagePx: null,
};
