import { EMOTIONS } from '../../domain/affect.js';
import { longestJson, tokensForChars } from '../../domain/answer-length.js';
import { CANNOT_TELL, DEGREES } from '../../domain/insight.js';
import type { PromptTemplate } from '../../domain/prompt-template.js';
import { PLAIN } from './template.js';

/**
 * The three aligned texts of FEALLM (2025) in one answer, with the two labels that FEABench scores. Labels come first:
 * an answer that is cut off has lost words, and no label.
 */
export const FEALLM_SCHEMA = {
  type: 'object',
  properties: {
    emotion: { type: 'string', enum: [...EMOTIONS, CANNOT_TELL] },
    second_emotion: { type: 'string', enum: [...EMOTIONS, 'none'] },
    degree: { type: 'string', enum: [...DEGREES] },
    action_units: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 69 }, maxItems: 20 },
    summary: { type: 'string', maxLength: 240 },
    movement: { type: 'string', maxLength: 400 },
    reasoning: { type: 'string', maxLength: 400 },
  },
  required: ['emotion', 'second_emotion', 'degree', 'action_units', 'summary', 'movement', 'reasoning'],
  additionalProperties: false,
} as const;

/** Emotion summary, facial movement and emotion reasoning. */
export const FEALLM_DESCRIBE: PromptTemplate = {
  ...PLAIN,
  id: 'feallm-describe@2',
  task: 'describe',
  user:
    'Read this face. {pictures}\nAnswer with one JSON object with these members in this order. emotion: the expression ' +
    `it shows, one of {candidates}, or "${CANNOT_TELL}". second_emotion: another that is mixed into it, or "none". ` +
    `degree: how strong it is, one of ${DEGREES.join(', ')}. action_units: a list of the FACS numbers that are active. ` +
    'summary: what the face shows, in one sentence. movement: which parts of the face have moved and how. reasoning: ' +
    'how each movement speaks for or against the emotion, in at most three sentences.\n{priors}',
  candidates: EMOTIONS,
  form: { kind: 'json', schema: FEALLM_SCHEMA },
  maxTokens: tokensForChars(longestJson(FEALLM_SCHEMA) ?? 0),
  pictures: 'face+context',
};
