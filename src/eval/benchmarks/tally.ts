import type { MllmTask } from '../../domain/insight.js';
import { type ParsedAnswer, parseAnswer } from '../../mllm/parse/parse-answer.js';
import type { Dialogue } from './ask-all.js';
import type { ItemRecord, PartCounts } from './benchmark-report.js';
import type { BenchmarkItem } from './items.js';

/** An item, what came of it, and what its answers were read as (null: nothing). */
export interface Reading<Item extends BenchmarkItem, Read> {
  readonly item: Item;
  readonly dialogue: Dialogue;
  /** Its answers in the order of the questions; null when one failed. */
  readonly texts: readonly string[] | null;
  /** As mien reads answers. */
  readonly read: Read | null;
  /** As the paper's script reads them; where none was published, as mien does. */
  readonly readAsPublished: Read | null;
}

type Reader<Item, Read> = (texts: readonly string[], item: Item) => Read | null;

/** Reads the answers of every dialogue, as mien does and as the paper's script does. */
export function readings<Item extends BenchmarkItem, Read>(
  items: readonly Item[],
  dialogues: readonly Dialogue[],
  readers: { readonly mien: Reader<Item, Read>; readonly published: Reader<Item, Read> },
): readonly Reading<Item, Read>[] {
  return items.map((item, index) => {
    const dialogue = dialogues[index]!;
    if (dialogue.kind === 'failed') return { item, dialogue, texts: null, read: null, readAsPublished: null };
    const texts = dialogue.answers.map(({ text }) => text);
    return { item, dialogue, texts, read: readers.mien(texts, item), readAsPublished: readers.published(texts, item) };
  });
}

/** An answer as mien reads those of live engines. */
export function asLive(task: MllmTask, text: string | undefined, candidates: readonly string[] = []): ParsedAnswer {
  return parseAnswer({ task, answer: { text: text ?? '', labelProbabilities: null }, candidates, prefill: null });
}

export function countsOf(list: readonly Reading<BenchmarkItem, unknown>[]): PartCounts {
  const answered = list.filter(({ texts }) => texts !== null);
  return {
    items: list.length,
    answered: answered.length,
    failed: list.length - answered.length,
    unread: answered.filter(({ read }) => read === null).length,
    truncated: answered.filter(
      ({ dialogue }) => dialogue.kind === 'answered' && dialogue.answers.some(({ truncated }) => truncated),
    ).length,
  };
}

/** The line about an item in items.jsonl. */
export function recordOf(
  { item, dialogue, read, readAsPublished }: Reading<BenchmarkItem, unknown>,
  more: Pick<ItemRecord, 'truth' | 'correct' | 'rougeL'>,
): ItemRecord {
  return {
    part: item.part,
    number: item.number,
    image: item.image,
    truth: more.truth,
    read,
    readAsPublished,
    correct: more.correct,
    rougeL: more.rougeL,
    answers: dialogue.kind === 'answered' ? dialogue.answers.map(({ text }) => text) : [],
    failure: dialogue.kind === 'failed' ? `${dialogue.reason}: ${dialogue.message}` : null,
  };
}

/** Mean; 0 for nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
