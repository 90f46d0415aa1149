import { EMOTIONS } from '../../domain/affect.js';
import { labelFromAnswer } from '../../mllm/parse/label-from-answer.js';
import { emotionIndex } from '../labels.js';
import { type Decision, decisionMetrics } from '../metrics.js';
import type { Dialogue } from './ask-all.js';
import type { PartReport, Scored } from './benchmark-report.js';
import type { FerbenchItem } from './items.js';
import { FERBENCH_PUBLISHED, type PublishedRow, RAF_DB_PUBLISHED } from './published.js';
import { countsOf, type Reading, readings, recordOf } from './tally.js';
import { unknownAsClass } from './unknown-as-class.js';

type FerbenchReading = Reading<FerbenchItem, string>;

/** Name of the part over all sets. */
export const OVERALL = 'overall';

/**
 * FERBench (UniFER, 2025): accuracy and macro precision, recall and F1 of each set, and of all together with angry, happy and
 * sad as anger, happiness and sadness. As published: failed questions are left out, and "unknown" is a class of the macro
 * averages when an answer names no candidate.
 */
export function scoreFerbench(items: readonly FerbenchItem[], dialogues: readonly Dialogue[]): Scored {
  const list = readings(items, dialogues, (text, { candidates }) => labelFromAnswer(text, candidates));
  const sets = [...new Set(items.map(({ part }) => part))];
  const parts = sets.map((set) =>
    partOf(
      set,
      list.filter(({ item }) => item.part === set),
      set === 'RAF-DB' ? RAF_DB_PUBLISHED : [],
    ),
  );
  return {
    parts: [...parts, partOf(OVERALL, list, FERBENCH_PUBLISHED)],
    items: list.map((reading) => {
      const { item, read } = reading;
      const correct = read !== null && emotionIndex(read) === item.truth;
      return recordOf(reading, { truth: item.label, correct, rougeL: null });
    }),
  };
}

function partOf(part: string, list: readonly FerbenchReading[], published: readonly PublishedRow[]): PartReport {
  const offered = new Set(list.flatMap(({ item }) => item.candidates.map((label) => emotionIndex(label))));
  const classes = EMOTIONS.map((_, index) => index).filter((index) => offered.has(index));
  const decide = ({ item, read }: FerbenchReading): Decision => ({
    truth: classes.indexOf(item.truth),
    predicted: read === null ? null : classes.indexOf(emotionIndex(read)!),
  });
  const labels = classes.map((index) => EMOTIONS[index]!);
  const metrics = decisionMetrics(list.map(decide), labels);
  const said = unknownAsClass(list.filter(({ text }) => text !== null).map(decide));
  const percent = (values: readonly number[]): readonly number[] => values.map((value) => 100 * value);
  return {
    part,
    counts: countsOf(list),
    columns: ['accuracy', 'macro precision', 'macro recall', 'macro F1'],
    strict: percent([metrics.accuracy, metrics.macroPrecision, metrics.macroRecall, metrics.macroF1]),
    asPublished: percent([said.accuracy, said.precision, said.recall, said.f1]),
    published,
    classification: { labels, metrics },
    units: null,
  };
}
