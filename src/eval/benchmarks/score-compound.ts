import type { CompoundExpression } from '../../domain/insight.js';
import { compoundFromText } from '../../mllm/parse/compound-from-text.js';
import { decisionMetrics } from '../metrics.js';
import type { Dialogue } from './ask-all.js';
import type { Scored } from './benchmark-report.js';
import type { CompoundItem } from './items.js';
import { CEXPR_PUBLISHED } from './published.js';
import { countsOf, type Reading, readings, recordOf } from './tally.js';

/**
 * Compound expressions (stage-wise adaptation, CVPR-W 2025): macro F1 over all classes of the set, and accuracy. As published:
 * failed items are left out.
 */
export function scoreCompound(
  items: readonly CompoundItem[],
  dialogues: readonly Dialogue[],
  classes: readonly CompoundExpression[],
): Scored {
  const read = (texts: readonly string[]): CompoundExpression | null => compoundFromText(texts.at(-1) ?? '', classes);
  const list = readings(items, dialogues, { mien: read, published: read });
  const part = items[0]?.part ?? '';
  const score = (some: readonly Reading<CompoundItem, CompoundExpression>[]) =>
    decisionMetrics(
      some.map(({ item, read }) => ({
        truth: classes.indexOf(item.truth),
        predicted: read === null ? null : classes.indexOf(read),
      })),
      classes,
    );
  const metrics = score(list);
  const answered = score(list.filter(({ texts }) => texts !== null));
  return {
    parts: [
      {
        part,
        counts: countsOf(list),
        columns: ['macro F1', 'accuracy'],
        strict: [100 * metrics.macroF1, 100 * metrics.accuracy],
        asPublished: [100 * answered.macroF1, 100 * answered.accuracy],
        published: part === 'C-EXPR-DB' ? CEXPR_PUBLISHED : [],
        classification: { labels: classes, metrics },
        units: null,
        publishedUnits: [],
      },
    ],
    items: list.map((reading) =>
      recordOf(reading, { truth: reading.item.truth, correct: reading.read === reading.item.truth, rougeL: null }),
    ),
  };
}
