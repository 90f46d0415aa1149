import { COMPOUND_EXPRESSIONS } from '../../domain/insight.js';
import { type PromptTemplate, SYSTEM } from './template.js';

/** Classes of the two data sets: all eleven of RAF-DB, the first seven of C-EXPR-DB. */
export const COMPOUND_LABELS = {
  'raf-db': COMPOUND_EXPRESSIONS,
  'c-expr': COMPOUND_EXPRESSIONS.slice(0, 7),
} as const;
export type CompoundLabelSet = keyof typeof COMPOUND_LABELS;

/** Basic expressions that compound classes are made of. */
const BASIC = ['happiness', 'sadness', 'surprise', 'anger', 'disgust', 'fear'] as const;
const FORM = 'Answer with the name alone between <answer> and </answer>.';

/** First stage: the basic expression that leads (stage-wise adaptation, CVPR-W 2025). */
export const COMPOUND_BASIC: PromptTemplate = {
  id: 'compound-basic@1',
  task: 'compound',
  system: SYSTEM,
  user: `This face mixes two expressions. Which basic expression leads: {candidates}?\n{priors}\n${FORM}`,
  candidates: BASIC,
  schema: null,
  labelPath: false,
  prefill: null,
  maxTokens: 32,
  imagePx: null,
};

/** Second stage: the compound class, the leading basic expression given. */
export function compoundExpression(labels: CompoundLabelSet): PromptTemplate {
  return {
    id: `compound-${labels}@1`,
    task: 'compound',
    system: SYSTEM,
    user: `This face mixes two expressions. {basic}\nWhich name fits it best: {candidates}?\n{priors}\n${FORM}`,
    candidates: COMPOUND_LABELS[labels],
    schema: null,
    labelPath: false,
    prefill: null,
    maxTokens: 32,
    imagePx: null,
  };
}
