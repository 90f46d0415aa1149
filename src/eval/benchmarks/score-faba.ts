import { actionUnitsFromText } from '../../mllm/parse/action-units-from-text.js';
import { emotionFromText } from '../../mllm/parse/emotion-from-text.js';
import { EMOLA_ORDER } from '../../mllm/parse/emotion-words.js';
import { type Decision, decisionMetrics } from '../metrics.js';
import type { Dialogue } from './ask-all.js';
import type { PartReport, Scored } from './benchmark-report.js';
import type { FabaItem } from './items.js';
import { FABA_EMOTION_PUBLISHED, FABA_UNITS_PUBLISHED } from './published.js';
import { type RougeVariant, rougeLF1 } from './rouge-l.js';
import { countsOf, mean, type Reading, readings, recordOf } from './tally.js';
import { unitMetrics } from './unit-metrics.js';
import { FABA_UNITS } from './unit-sets.js';

const COLUMNS = { emotion: ['S_re accuracy', 'S_ge ROUGE-L', 'REGE'], units: ['S_re mean F1', 'S_ge ROUGE-L', 'REGE'] };

type FabaReading = Reading<FabaItem, string | readonly string[]> & { readonly rougeL: number | null };

/**
 * REGE of FABA-Bench (Li et al., ECCV 2024), S_re + S_ge in percent: accuracy of the emotion, or mean F1 over twelve action units,
 * and mean ROUGE-L F1. As published: failed items are left out, so are empty answers from S_ge; a text without an emotion word
 * counts as happiness; units that neither occur nor are claimed are left out of the mean.
 */
export function scoreFaba(items: readonly FabaItem[], dialogues: readonly Dialogue[], rouge: RougeVariant): Scored {
  const list = readings(items, dialogues, (text, item) => readFaba(text, item)).map((reading): FabaReading => {
    const rougeL = reading.text === null ? null : rougeLF1(reading.text, reading.item.reference, rouge);
    return { ...reading, rougeL };
  });
  const emotions = list.filter(({ item }) => item.part === 'emotion');
  const units = list.filter(({ item }) => item.part === 'action units');
  return {
    parts: [...(emotions.length > 0 ? [emotionPart(emotions)] : []), ...(units.length > 0 ? [unitsPart(units)] : [])],
    items: list.map((reading) => {
      const { item, read, rougeL } = reading;
      const truth = item.truth.kind === 'emotion' ? item.truth.emotion : item.truth.units;
      return recordOf(reading, { truth, correct: correct(item, read), rougeL });
    }),
  };
}

function readFaba(text: string, item: FabaItem): string | readonly string[] | null {
  if (item.truth.kind === 'emotion') return emotionFromText(text);
  const units = actionUnitsFromText(text, FABA_UNITS.named);
  return units.length === 0 ? null : units;
}

/** Of units: the scored ones are the same. */
function correct(item: FabaItem, read: FabaReading['read']): boolean {
  if (item.truth.kind === 'emotion') return read === item.truth.emotion;
  const scored = (units: readonly string[]): string => FABA_UNITS.scored.filter((unit) => units.includes(unit)).join();
  return scored(item.truth.units) === scored(Array.isArray(read) ? read : []);
}

/** Mean ROUGE-L: strict, then as published. */
function generation(list: readonly FabaReading[]): readonly [number, number] {
  const spoken = list.filter(({ text }) => text !== null && text.replaceAll('.', '') !== '');
  return [mean(list.map(({ rougeL }) => rougeL ?? 0)), mean(spoken.map(({ rougeL }) => rougeL ?? 0))];
}

const rege = (recognition: number, generated: number): readonly number[] =>
  [recognition, generated, recognition + generated].map((share) => 100 * share);

function emotionPart(list: readonly FabaReading[]): PartReport {
  const decide = ({ item, read }: FabaReading): Decision => {
    const order: readonly string[] = EMOLA_ORDER;
    const predicted = typeof read === 'string' ? order.indexOf(read) : -1;
    const truth = item.truth.kind === 'emotion' ? order.indexOf(item.truth.emotion) : -1;
    return { truth, predicted: predicted < 0 ? null : predicted };
  };
  const metrics = decisionMetrics(list.map(decide), EMOLA_ORDER);
  const answered = list.filter(({ text }) => text !== null).map(decide);
  const happiness = answered.map(({ truth, predicted }) => ({ truth, predicted: predicted ?? 0 }));
  const [strict, published] = generation(list);
  return {
    part: 'emotion',
    counts: countsOf(list),
    columns: COLUMNS.emotion,
    strict: rege(metrics.accuracy, strict),
    asPublished: rege(decisionMetrics(happiness, EMOLA_ORDER).accuracy, published),
    published: FABA_EMOTION_PUBLISHED,
    classification: { labels: EMOLA_ORDER, metrics },
    units: null,
  };
}

function unitsPart(list: readonly FabaReading[]): PartReport {
  const outcomes = list.map(({ item, text, read }) => ({
    truth: item.truth.kind === 'units' ? item.truth.units : [],
    claimed: text === null ? null : Array.isArray(read) ? (read as readonly string[]) : [],
  }));
  const units = unitMetrics(outcomes, FABA_UNITS.scored);
  const answered = unitMetrics(
    outcomes.filter(({ claimed }) => claimed !== null),
    FABA_UNITS.scored,
  );
  const [strict, published] = generation(list);
  return {
    part: 'action units',
    counts: countsOf(list),
    columns: COLUMNS.units,
    strict: rege(units.meanF1, strict),
    asPublished: rege(answered.meanF1Seen, published),
    published: FABA_UNITS_PUBLISHED,
    classification: null,
    units,
  };
}
