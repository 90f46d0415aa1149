import { type Interval, resamples, type Share, shareOf, spread } from '../../statistics/intervals.js';
import { addTables, kappa, NOTHING_SAID, type TwoByTwo } from '../../statistics/two-by-two.js';
import { TEXTS } from './check-texts.js';
import type { ReviewedText } from './review-sheet.js';

/** What two reviewers say of the texts of one kind, class or unit. */
export interface ReviewAgreement {
  readonly group: string;
  /** Texts that both judged. */
  readonly texts: number;
  /** Right by each of them, and by both. */
  readonly right: readonly [Share, Share];
  readonly bothRight: Share;
  /** Cohen's kappa of yes and no; null where chance alone agrees always. */
  readonly kappa: number | null;
  /** Its 95 % interval, faces drawn anew. */
  readonly interval: Interval | null;
}

/** Fewer faces are too few for an interval. */
const LEAST_FACES = 10;

/** Agreement on all texts, on each kind, on each class, and on the movements of each action unit. */
export function reviewAgreement(reviews: readonly ReviewedText[]): readonly ReviewAgreement[] {
  const judged = reviews.filter(({ verdicts }) => verdicts.every((verdict) => verdict !== null));
  const classes = [...new Set(judged.map((review) => review.class))].sort();
  const units = [...new Set(judged.flatMap((review) => review.units))].sort((a, b) => Number(a) - Number(b));
  return [
    agreementOn('all', judged),
    ...TEXTS.map((kind) =>
      agreementOn(
        kind,
        judged.filter((review) => review.kind === kind),
      ),
    ),
    ...classes.map((name) =>
      agreementOn(
        name,
        judged.filter((review) => review.class === name),
      ),
    ),
    ...units.map((unit) =>
      agreementOn(
        `AU${unit}, movement`,
        judged.filter((review) => review.kind === 'movement' && review.units.includes(unit)),
      ),
    ),
  ];
}

function tableOf({ verdicts: [a, b] }: ReviewedText): TwoByTwo {
  return { ...NOTHING_SAID, [a ? (b ? 'both' : 'onlyA') : b ? 'onlyB' : 'neither']: 1 };
}

function agreementOn(group: string, reviews: readonly ReviewedText[]): ReviewAgreement {
  const tables = reviews.map(tableOf);
  const whole = tables.reduce((sum, table) => addTables(sum, table), NOTHING_SAID);
  const value = kappa(whole);
  const { both, onlyA, onlyB } = whole;
  const texts = reviews.length;
  const images = new Set(reviews.map(({ image }) => image)).size;
  return {
    group,
    texts,
    right: [shareOf(both + onlyA, texts), shareOf(both + onlyB, texts)],
    bothRight: shareOf(both, texts),
    kappa: value,
    interval: value === null || images < LEAST_FACES ? null : spread(drawnAnew(reviews, tables)),
  };
}

function drawnAnew(reviews: readonly ReviewedText[], tables: readonly TwoByTwo[]): number[] {
  return Array.from(resamples(reviews.map(({ image }) => image)), (times) => {
    const drawn = tables.reduce((sum, table, at) => addTables(sum, table, times[at]!), NOTHING_SAID);
    return kappa(drawn) ?? Number.NaN;
  });
}
