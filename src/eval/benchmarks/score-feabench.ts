import { decisionMetrics } from '../metrics.js';
import type { Dialogue } from './ask-all.js';
import type { Scored } from './benchmark-report.js';
import { emolaUnits } from './emola-reading.js';
import { EMOLA_ORDER, type EmolaEmotion } from './emola-words.js';
import type { FeabenchItem } from './items.js';
import { FEABENCH_PUBLISHED } from './published.js';
import { asLive, countsOf, type Reading, readings, recordOf } from './tally.js';
import { unitMetrics } from './unit-metrics.js';
import { FEABENCH_UNITS } from './unit-sets.js';

interface FeabenchRead {
  readonly emotion: EmolaEmotion | null;
  readonly units: readonly string[];
}
type FeabenchReading = Reading<FeabenchItem, FeabenchRead>;

/**
 * FEABench (FEALLM, 2025): accuracy of the emotion (seven classes) from the answer to the first question, mean F1 over twelve
 * action units from that to the second. As published: units by pattern, every "AU" followed by digits; failed items are left
 * out. How FEALLM reads the emotion was not published.
 */
export function scoreFeabench(items: readonly FeabenchItem[], dialogues: readonly Dialogue[]): Scored {
  const list = readings<FeabenchItem, FeabenchRead>(items, dialogues, {
    mien: (texts) => readBoth(texts, asLive('action-units', texts[1]).claimedActionUnits),
    published: (texts) => readBoth(texts, emolaUnits(texts[1] ?? '', FEABENCH_UNITS)),
  });
  const strict = score(list.map(({ item, read }) => ({ item, read })));
  const answered = list.filter(({ texts }) => texts !== null);
  const said = score(answered.map(({ item, readAsPublished: read }) => ({ item, read })));
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
        asPublished: percent(said),
        published: FEABENCH_PUBLISHED,
        classification: { labels: EMOLA_ORDER, metrics: strict.metrics },
        units: strict.units,
        publishedUnits: [],
      },
    ],
    items: list.map((reading) => {
      const { emotion, units } = reading.item;
      const correct = reading.read?.emotion === emotion;
      return recordOf(reading, { truth: { emotion, units }, correct, rougeL: null });
    }),
  };
}

function readBoth([text]: readonly string[], units: readonly string[]): FeabenchRead | null {
  const { emotion: named } = asLive('emotion', text);
  const emotion = EMOLA_ORDER.find((one) => one === named) ?? null;
  return emotion === null && units.length === 0 ? null : { emotion, units };
}

function score(list: readonly Pick<FeabenchReading, 'item' | 'read'>[]) {
  const decisions = list.map(({ item, read }) => ({
    truth: EMOLA_ORDER.indexOf(item.emotion),
    predicted: read === null || read.emotion === null ? null : EMOLA_ORDER.indexOf(read.emotion),
  }));
  const outcomes = list.map(({ item, read }) => ({ truth: item.units, claimed: read?.units ?? null }));
  return { metrics: decisionMetrics(decisions, EMOLA_ORDER), units: unitMetrics(outcomes, FEABENCH_UNITS) };
}
