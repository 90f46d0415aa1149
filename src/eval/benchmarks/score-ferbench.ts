import { EMOTIONS } from '../../domain/affect.js';
import { emotionIndex } from '../labels.js';
import { type Decision, decisionMetrics } from '../metrics.js';
import type { Dialogue } from './ask-all.js';
import type { PartReport, Scored } from './benchmark-report.js';
import type { FerbenchItem } from './items.js';
import { FERBENCH_PUBLISHED, type PublishedRow, RAF_DB_PUBLISHED } from './published.js';
import { asLive, countsOf, type Reading, readings, recordOf } from './tally.js';
import { uniferLabel } from './unifer-reading.js';
import { unknownAsClass } from './unknown-as-class.js';

type FerbenchReading = Reading<FerbenchItem, string>;

/** Name of the part over all sets. */
export const OVERALL = 'overall';

/**
 * FERBench (UniFER, 2025): accuracy and macro precision, recall and F1 of each set, and of all together with angry, happy and
 * sad as anger, happiness and sadness. As published: answers are read as the set's script reads them, overall as the script
 * over all sets does; failed questions are left out, and "unknown" is a class of the macro averages when an answer names no
 * label.
 */
export function scoreFerbench(items: readonly FerbenchItem[], dialogues: readonly Dialogue[]): Scored {
  const list = readings(items, dialogues, {
    mien: readLabel,
    published: ([text = ''], item) => uniferLabel(text, item, 'set'),
  });
  const total = list.map((reading): FerbenchReading => {
    const [text] = reading.texts ?? [];
    return text === undefined ? reading : { ...reading, readAsPublished: uniferLabel(text, reading.item, 'total') };
  });
  const sets = [...new Set(items.map(({ part }) => part))];
  const parts = sets.map((set) =>
    partOf(
      set,
      list.filter(({ item }) => item.part === set),
      set === 'RAF-DB' ? RAF_DB_PUBLISHED : [],
    ),
  );
  return {
    parts: [...parts, partOf(OVERALL, total, FERBENCH_PUBLISHED)],
    items: list.map((reading) => {
      const { item, read } = reading;
      const correct = read !== null && emotionIndex(read) === item.truth;
      return recordOf(reading, { truth: item.label, correct, rougeL: null });
    }),
  };
}

/** The candidate whose emotion the answer names. */
function readLabel([text]: readonly string[], { candidates }: FerbenchItem): string | null {
  const { emotion } = asLive('question', text, candidates);
  const index = emotion === null ? -1 : EMOTIONS.indexOf(emotion);
  return candidates.find((candidate) => emotionIndex(candidate) === index) ?? null;
}

function partOf(part: string, list: readonly FerbenchReading[], published: readonly PublishedRow[]): PartReport {
  const offered = new Set(list.flatMap(({ item }) => item.candidates.map((label) => emotionIndex(label))));
  const classes = EMOTIONS.map((_, index) => index).filter((index) => offered.has(index));
  const labels = classes.map((index) => EMOTIONS[index]!);
  const metrics = decisionMetrics(
    list.map(
      ({ item, read }): Decision => ({
        truth: classes.indexOf(item.truth),
        predicted: read === null ? null : classes.indexOf(emotionIndex(read)!),
      }),
    ),
    labels,
  );
  const said = unknownAsClass(
    list
      .filter(({ texts }) => texts !== null)
      .map(({ item, readAsPublished: label }): Decision => {
        return { truth: item.truth, predicted: label === null ? null : emotionIndex(label)! };
      }),
  );
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
    publishedUnits: [],
  };
}
