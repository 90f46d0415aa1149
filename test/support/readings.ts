import { readFileSync } from 'node:fs';
import type { Emotion } from '../../src/domain/affect.js';
import type { MllmTask } from '../../src/domain/insight.js';
import { parseAnswer } from '../../src/mllm/parse/parse-answer.js';
import { UNIFER_LABELS } from '../../src/mllm/prompts/unifer.js';

/** An answer as a live engine may give it, and what a careful person reads in it. */
export interface CorpusAnswer {
  readonly task: MllmTask;
  readonly answer: string;
  readonly emotion: Emotion | null;
  /** FACS numbers, rising. */
  readonly units: readonly string[];
}

/** One half of the corpus in test/fixtures/readings, one answer a line. */
export function corpusHalf(name: 'open' | 'held-out'): readonly CorpusAnswer[] {
  const text = readFileSync(new URL(`../fixtures/readings/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CorpusAnswer);
}

/** What the product reads; questions offer the labels of FERPlus. */
export function readingOf({ task, answer }: CorpusAnswer): Pick<CorpusAnswer, 'emotion' | 'units'> {
  const candidates = task === 'question' ? UNIFER_LABELS.ferplus : [];
  const read = parseAnswer({ task, answer: { text: answer, labelProbabilities: null }, candidates, prefill: null });
  return { emotion: read.emotion, units: read.claimedActionUnits };
}
