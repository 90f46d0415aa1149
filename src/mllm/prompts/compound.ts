import { tokensForChars } from '../../domain/answer-length.js';
import { COMPOUND_EXPRESSIONS, NO_COMPOUND } from '../../domain/insight.js';
import type { PromptTemplate } from '../../domain/prompt-template.js';
import { PLAIN } from './template.js';

/** Classes of the two data sets: all eleven of RAF-DB, the first seven of C-EXPR-DB. */
export const COMPOUND_LABELS = {
  'raf-db': COMPOUND_EXPRESSIONS,
  'c-expr': COMPOUND_EXPRESSIONS.slice(0, 7),
} as const;
export type CompoundLabelSet = keyof typeof COMPOUND_LABELS;

const FORM = 'Answer with the name alone.';

/** Which two expressions a face of a data set mixes: all of them do, so "none" is no answer. */
export function compoundExpression(labels: CompoundLabelSet): PromptTemplate {
  const candidates = COMPOUND_LABELS[labels];
  return {
    ...PLAIN,
    id: `compound-${labels}@2`,
    task: 'compound',
    user: `This face mixes two expressions. Which name fits it best: {candidates}?\n{priors}\n${FORM}`,
    candidates,
    form: { kind: 'choice', choices: candidates },
    maxTokens: tokensForChars(80),
  };
}

/** The same of any face: most show one expression or none, and "none" says so. */
export const COMPOUND_OR_NONE: PromptTemplate = {
  ...compoundExpression('raf-db'),
  id: 'compound-or-none@1',
  user:
    'Some faces mix two expressions, most do not. Which name fits this face: {candidates}? Write none unless both ' +
    `parts of a name can be seen.\n{priors}\n${FORM}`,
  candidates: [...COMPOUND_EXPRESSIONS, NO_COMPOUND],
  form: { kind: 'choice', choices: [...COMPOUND_EXPRESSIONS, NO_COMPOUND] },
};
