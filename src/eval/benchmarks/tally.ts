import type { Dialogue } from './ask-all.js';
import type { ItemRecord, PartCounts } from './benchmark-report.js';
import type { BenchmarkItem } from './items.js';

/** An item, what came of it, and what its last answer was read as (null: nothing). */
export interface Reading<Item extends BenchmarkItem, Read> {
  readonly item: Item;
  readonly dialogue: Dialogue;
  /** The last answer's text; null when it failed. */
  readonly text: string | null;
  readonly read: Read | null;
}

/** Reads the last answer of every dialogue. */
export function readings<Item extends BenchmarkItem, Read>(
  items: readonly Item[],
  dialogues: readonly Dialogue[],
  read: (text: string, item: Item) => Read | null,
): readonly Reading<Item, Read>[] {
  return items.map((item, index) => {
    const dialogue = dialogues[index]!;
    const text = dialogue.kind === 'answered' ? (dialogue.answers.at(-1)?.text ?? '') : null;
    return { item, dialogue, text, read: text === null ? null : read(text, item) };
  });
}

export function countsOf(list: readonly Reading<BenchmarkItem, unknown>[]): PartCounts {
  const answered = list.filter(({ text }) => text !== null);
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
  { item, dialogue, read }: Reading<BenchmarkItem, unknown>,
  more: Pick<ItemRecord, 'truth' | 'correct' | 'rougeL'>,
): ItemRecord {
  return {
    part: item.part,
    number: item.number,
    image: item.image,
    truth: more.truth,
    read,
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
