import { EMOTIONS, type Emotion } from '../../domain/affect.js';
import { actionUnitsFromText } from '../../mllm/parse/action-units-from-text.js';
import { parseAnswer } from '../../mllm/parse/parse-answer.js';
import { decisionMetrics } from '../metrics.js';
import type { Dialogue } from './ask-all.js';
import type { Scored } from './benchmark-report.js';
import type { FeabenchItem } from './items.js';
import { FEABENCH_PUBLISHED } from './published.js';
import { countsOf, type Reading, readings, recordOf } from './tally.js';
import { unitMetrics } from './unit-metrics.js';
import { FEABENCH_UNITS } from './unit-sets.js';

interface FeabenchRead {
  readonly emotion: Emotion | null;
  readonly units: readonly string[];
}
type FeabenchReading = Reading<FeabenchItem, FeabenchRead>;

/**
 * FEABench (FEALLM, 2025): accuracy of the emotion and mean F1 over twelve action units, from one answer: the members of
 * its JSON object, else its text (every "AU" followed by digits). As published: failed items are left out.
 */
export function scoreFeabench(items: readonly FeabenchItem[], dialogues: readonly Dialogue[]): Scored {
  const list = readings(items, dialogues, readDescription);
  const answered = score(list.filter(({ text }) => text !== null));
  const strict = score(list);
  const percent = ({ metrics, units }: ReturnType<typeof score>): readonly number[] => [
    100 * metrics.accuracy,
    100 * units.meanF1,
  ];
  return {
    parts: [
      {
        part: 'FEABench',
        counts: countsOf(list),
        columns: ['emotion accuracy', 'AU mean F1'],
        strict: percent(strict),
        asPublished: percent(answered),
        published: FEABENCH_PUBLISHED,
        classification: { labels: EMOTIONS, metrics: strict.metrics },
        units: strict.units,
      },
    ],
    items: list.map((reading) => {
      const { emotion, units } = reading.item;
      const correct = reading.read?.emotion === emotion;
      return recordOf(reading, { truth: { emotion, units }, correct, rougeL: null });
    }),
  };
}

function readDescription(text: string): FeabenchRead | null {
  const answer = { text, labelProbabilities: null };
  const parsed = parseAnswer({ task: 'describe', answer, candidates: [], prefill: null });
  const units = parsed.parsed === 'json' ? parsed.claimedActionUnits : actionUnitsFromText(text, FEABENCH_UNITS);
  return parsed.emotion === null && units.length === 0 ? null : { emotion: parsed.emotion, units };
}

function score(list: readonly FeabenchReading[]) {
  const decisions = list.map(({ item, read }) => {
    const predicted = read === null || read.emotion === null ? -1 : EMOTIONS.indexOf(read.emotion);
    return { truth: EMOTIONS.indexOf(item.emotion), predicted: predicted < 0 ? null : predicted };
  });
  const outcomes = list.map(({ item, read }) => ({ truth: item.units, claimed: read?.units ?? null }));
  return { metrics: decisionMetrics(decisions, EMOTIONS), units: unitMetrics(outcomes, FEABENCH_UNITS) };
}
