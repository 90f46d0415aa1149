import type { CompoundExpression } from '../../domain/insight.js';
import type { PromptTemplate } from '../../domain/prompt-template.js';
import { compoundExpression } from '../../mllm/prompts/compound.js';
import { PLAIN } from '../../mllm/prompts/template.js';
import type { Dialogue } from './ask-all.js';
import type { BenchmarkId, Scored } from './benchmark-report.js';
import type { BenchmarkItem, CompoundItem, FabaItem, FeabenchItem, FerbenchItem } from './items.js';
import type { PictureSize } from './picture-source.js';
import type { RougeVariant } from './rouge-l.js';
import { scoreCompound } from './score-compound.js';
import { scoreFaba } from './score-faba.js';
import { scoreFeabench } from './score-feabench.js';
import { scoreFerbench } from './score-ferbench.js';

/** The next question about an item. */
export interface Step {
  readonly template: PromptTemplate;
}

/** What is asked about each item, on which picture, and how the answers are scored. */
export interface Benchmark<Item extends BenchmarkItem> {
  readonly id: BenchmarkId;
  readonly items: readonly Item[];
  readonly size: PictureSize;
  /** FABA: whose ROUGE-L. */
  readonly rouge: RougeVariant | null;
  /** Null when all is asked. */
  step(item: Item, answers: readonly string[]): Step | null;
  score(items: readonly Item[], dialogues: readonly Dialogue[]): Scored;
}

/** Longer sides of published faces: AffectNet's aligned ones have 224 pixels, Aff-Wild2's 112. */
const AS_THEY_ARE: PictureSize = { kind: 'within', sidePx: 1024 };

/** A question without system text, form or label path, as the papers' scripts ask it. */
function plain(question: Pick<PromptTemplate, 'id' | 'task' | 'user' | 'candidates' | 'maxTokens'>): PromptTemplate {
  return { ...PLAIN, ...question, system: null };
}

/** FABA-Bench: the evaluation questions of EmoLA's script, with its longest answer. */
const FABA_QUESTIONS: Readonly<Record<FabaItem['part'], PromptTemplate>> = {
  emotion: plain({
    id: 'faba-emotion@1',
    task: 'emotion',
    user: 'What emotions are conveyed by this face?\n{priors}',
    candidates: [],
    maxTokens: 2048,
  }),
  'action units': plain({
    id: 'faba-action-units@1',
    task: 'action-units',
    user: 'What AUs are conveyed by this face?\n{priors}',
    candidates: [],
    maxTokens: 2048,
  }),
};

export function fabaBenchmark(items: readonly FabaItem[], rouge: RougeVariant): Benchmark<FabaItem> {
  return {
    id: 'faba',
    items,
    size: AS_THEY_ARE,
    rouge,
    step: (item, answers) => (answers.length > 0 ? null : { template: FABA_QUESTIONS[item.part] }),
    score: (some, dialogues) => scoreFaba(some, dialogues, rouge),
  };
}

/** FEABench: the two questions that FEALLM's are templates of, about the expression and about the action units. */
const FEABENCH_QUESTIONS: readonly PromptTemplate[] = [
  plain({
    id: 'feabench-emotion@1',
    task: 'emotion',
    user: 'Please describe the expression in this face.\n{priors}',
    candidates: [],
    maxTokens: 1024,
  }),
  plain({
    id: 'feabench-action-units@1',
    task: 'action-units',
    user: 'Please describe the action units in this face.\n{priors}',
    candidates: [],
    maxTokens: 1024,
  }),
];

export function feabenchBenchmark(items: readonly FeabenchItem[]): Benchmark<FeabenchItem> {
  return {
    id: 'feabench',
    items,
    size: AS_THEY_ARE,
    rouge: null,
    step: (_, { length }) => (length < 2 ? { template: FEABENCH_QUESTIONS[length]! } : null),
    score: scoreFeabench,
  };
}

/** FERBench: each question in its own words, on 224 x 224 pixels, at most 1,024 tokens, as UniFER's script asks. */
export function ferbenchBenchmark(items: readonly FerbenchItem[]): Benchmark<FerbenchItem> {
  return {
    id: 'ferbench',
    items,
    size: { kind: 'square', sidePx: 224 },
    rouge: null,
    step: (item, answers) => (answers.length > 0 ? null : { template: ferbenchQuestion(item) }),
    score: scoreFerbench,
  };
}

function ferbenchQuestion({ prompt, candidates }: FerbenchItem): PromptTemplate {
  return plain({
    id: 'ferbench-question@1',
    task: 'question',
    user: `${prompt}\n{priors}`,
    candidates,
    maxTokens: 1024,
  });
}

/** Compound expressions: asked once, in the classes of the set. */
export function compoundBenchmark(
  items: readonly CompoundItem[],
  classes: readonly CompoundExpression[],
): Benchmark<CompoundItem> {
  const template = compoundExpression(classes.length === 7 ? 'c-expr' : 'raf-db');
  return {
    id: 'cer',
    items,
    size: AS_THEY_ARE,
    rouge: null,
    step: (_, answers) => (answers.length > 0 ? null : { template }),
    score: (some, dialogues) => scoreCompound(some, dialogues, classes),
  };
}
