import { EMOTIONS } from '../../domain/affect.js';
import { tokensForChars } from '../../domain/answer-length.js';
import type { PromptTemplate } from '../../domain/prompt-template.js';
import { PLAIN } from './template.js';

const CUE_CHARS = 400;
const NAMES = EMOTIONS.map((emotion) => `${emotion[0]!.toUpperCase()}${emotion.slice(1)}`).join('|');

/** One emotion in words (the task of EmoLA, ECCV 2024): its name, then cues; read by its synonym rules. */
export const EMOLA_EMOTION: PromptTemplate = {
  ...PLAIN,
  id: 'emola-emotion@2',
  task: 'emotion',
  user: 'Which emotion do you see on this face? Name it in your first sentence, or write "Cannot tell.", then point out the cues that show it.\n{priors}',
  form: { kind: 'regex', pattern: `(${NAMES}|Cannot tell)\\. [^\\n]{1,${CUE_CHARS}}` },
  maxTokens: tokensForChars(CUE_CHARS + 20),
};

const LINES = 12;
const LINE_CHARS = 100;

/** Action units with cue, degree and meaning (the task of EmoLA, ECCV 2024): a line each, "AU" and its number first. */
export const EMOLA_ACTION_UNITS: PromptTemplate = {
  ...PLAIN,
  id: 'emola-action-units@2',
  task: 'action-units',
  user:
    'Which facial action units are active on this face? Write a line for each: AU followed by its number and a colon, ' +
    'then the cue that shows it, how strong it is, and what it may mean. Leave out those that are inactive; without ' +
    'any write "No action unit is active."\n{priors}',
  form: {
    kind: 'regex',
    pattern: `(No action unit is active\\.|(AU[1-9][0-9]?: [^\\n]{1,${LINE_CHARS}}\\n?){1,${LINES}})`,
  },
  maxTokens: tokensForChars(LINES * (LINE_CHARS + 7)),
};
