import { EMOTIONS } from '../../domain/affect.js';
import { type PromptTemplate, SYSTEM } from './template.js';

const TEXT = { type: 'string', maxLength: 800 } as const;

/** The three aligned texts of FEALLM (2025) in one answer, with the two labels that FEABench scores. */
export const FEALLM_SCHEMA = {
  type: 'object',
  properties: {
    summary: TEXT,
    movement: TEXT,
    action_units: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 69 }, maxItems: 20 },
    reasoning: TEXT,
    emotion: { type: 'string', enum: [...EMOTIONS] },
  },
  required: ['summary', 'movement', 'action_units', 'reasoning', 'emotion'],
  additionalProperties: false,
} as const;

/** Emotion summary, facial movement and emotion reasoning. The label comes last, so that it follows from the texts. */
export const FEALLM_DESCRIBE: PromptTemplate = {
  id: 'feallm-describe@1',
  task: 'describe',
  system: SYSTEM,
  user:
    'Read this face in three steps. 1. summary: the emotion it shows, in one sentence. 2. movement: which parts of the ' +
    'face have moved and how. 3. reasoning: how each movement speaks for the emotion. Answer with one JSON object with ' +
    'the members summary, movement, action_units (a list of FACS numbers), reasoning and emotion (one of {candidates}).\n{priors}',
  candidates: EMOTIONS,
  schema: FEALLM_SCHEMA,
  labelPath: false,
  prefill: null,
  maxTokens: 400,
  imagePx: null,
};
