import type { Emotion } from '../../domain/affect.js';
import { type Decision, decisionMetrics } from '../metrics.js';
import type { Dialogue } from './ask-all.js';
import type { PartReport, Scored } from './benchmark-report.js';
import { emolaEmotion, emolaUnits } from './emola-reading.js';
import { EMOLA_ORDER, type EmolaEmotion } from './emola-words.js';
import type { FabaItem } from './items.js';
import { FABA_EACH_UNIT, FABA_EMOTION_PUBLISHED, FABA_UNITS_PUBLISHED } from './published.js';
import { type RougeVariant, rougeLF1 } from './rouge-l.js';
import { asLive, countsOf, mean, type Reading, readings, recordOf } from './tally.js';
import { unitMetrics } from './unit-metrics.js';
import { FABA_UNITS } from './unit-sets.js';

const COLUMNS = { emotion: ['S_re accuracy', 'S_ge ROUGE-L', 'REGE'], units: ['S_re mean F1', 'S_ge ROUGE-L', 'REGE'] };

type FabaRead = EmolaEmotion | readonly string[];
type FabaReading = Reading<FabaItem, FabaRead> & { readonly rougeL: number | null };

/**
 * REGE of FABA-Bench (Li et al., ECCV 2024), S_re + S_ge in percent: accuracy of the emotion, or mean F1 over twelve action units,
 * and mean ROUGE-L F1. As published: answers and labels are read as EmoLA's script reads them, and one that ends the script
 * with an error names no emotion; failed items are left out, so are empty answers from S_ge; units that are the same for all
 * faces are left out of the mean.
 */
export function scoreFaba(items: readonly FabaItem[], dialogues: readonly Dialogue[], rouge: RougeVariant): Scored {
  const list = readings<FabaItem, FabaRead>(items, dialogues, { mien: readFaba, published: readAsPublished }).map(
    (reading): FabaReading => {
      const [text] = reading.texts ?? [];
      return { ...reading, rougeL: text === undefined ? null : rougeLF1(text, reading.item.reference, rouge) };
    },
  );
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

/** Contempt is a word of disgust in EmoLA's seven classes. */
export const emolaClass = (emotion: Emotion): EmolaEmotion => (emotion === 'contempt' ? 'disgust' : emotion);

function readFaba([text]: readonly string[], item: FabaItem): FabaRead | null {
  if (item.truth.kind === 'emotion') {
    const { emotion } = asLive('emotion', text);
    return emotion === null ? null : emolaClass(emotion);
  }
  const units = asLive('action-units', text).claimedActionUnits;
  return units.length === 0 ? null : units;
}

function readAsPublished([text = '']: readonly string[], item: FabaItem): FabaRead | null {
  return item.truth.kind === 'emotion' ? emolaEmotion(text) : emolaUnits(text, FABA_UNITS.named);
}

/** Of units: the scored ones are the same. */
function correct(item: FabaItem, read: FabaRead | null): boolean {
  if (item.truth.kind === 'emotion') return read === item.truth.emotion;
  const scored = (units: readonly string[]): string => FABA_UNITS.scored.filter((unit) => units.includes(unit)).join();
  return scored(item.truth.units) === scored(unitsOf(read));
}

const unitsOf = (read: FabaRead | null): readonly string[] => (read === null || typeof read === 'string' ? [] : read);

/** Mean ROUGE-L: strict, then as published. */
function generation(list: readonly FabaReading[]): readonly [number, number] {
  const spoken = list.filter(({ texts }) => texts !== null && texts[0]!.replaceAll('.', '') !== '');
  return [mean(list.map(({ rougeL }) => rougeL ?? 0)), mean(spoken.map(({ rougeL }) => rougeL ?? 0))];
}

const rege = (recognition: number, generated: number): readonly number[] =>
  [recognition, generated, recognition + generated].map((share) => 100 * share);

function emotionPart(list: readonly FabaReading[]): PartReport {
  const decide = ({ item }: FabaReading, read: FabaRead | null): Decision => {
    const order: readonly string[] = EMOLA_ORDER;
    const predicted = typeof read === 'string' ? order.indexOf(read) : null;
    return { truth: item.truth.kind === 'emotion' ? order.indexOf(item.truth.emotion) : -1, predicted };
  };
  const metrics = decisionMetrics(
    list.map((reading) => decide(reading, reading.read)),
    EMOLA_ORDER,
  );
  const answered = list.filter(({ texts }) => texts !== null);
  const said = answered.map((reading) => decide(reading, reading.readAsPublished));
  const [strict, published] = generation(list);
  return {
    part: 'emotion',
    counts: countsOf(list),
    columns: COLUMNS.emotion,
    strict: rege(metrics.accuracy, strict),
    asPublished: rege(decisionMetrics(said, EMOLA_ORDER).accuracy, published),
    published: FABA_EMOTION_PUBLISHED,
    classification: { labels: EMOLA_ORDER, metrics },
    units: null,
    publishedUnits: [],
  };
}

function unitsPart(list: readonly FabaReading[]): PartReport {
  const outcomes = list.map(({ item, texts, read }) => ({
    truth: item.truth.kind === 'units' ? item.truth.units : [],
    claimed: texts === null ? null : unitsOf(read),
  }));
  const answered = list.filter(({ texts }) => texts !== null);
  const said = answered.map(({ item, readAsPublished }) => ({
    truth: item.truth.kind === 'units' ? item.truth.unitsAsPublished : [],
    claimed: unitsOf(readAsPublished),
  }));
  const units = unitMetrics(outcomes, FABA_UNITS.scored);
  const [strict, published] = generation(list);
  return {
    part: 'action units',
    counts: countsOf(list),
    columns: COLUMNS.units,
    strict: rege(units.meanF1, strict),
    asPublished: rege(unitMetrics(said, FABA_UNITS.scored).meanF1Seen, published),
    published: FABA_UNITS_PUBLISHED,
    classification: null,
    units,
    publishedUnits: FABA_EACH_UNIT,
  };
}
