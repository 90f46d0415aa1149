import { compact } from '../../record/number-text.js';
import type { Share } from '../../statistics/intervals.js';
import { csvText } from './lists.js';
import type { ReviewAgreement } from './review-agreement.js';

const percent = ({ share }: Share): string => (share === null ? '-' : `${(100 * share).toFixed(1)} %`);

/** The table for a terminal. */
export function agreementText(rows: readonly ReviewAgreement[]): string {
  const width = Math.max(...rows.map(({ group }) => group.length));
  const lines = rows.map(({ group, texts, right, bothRight, kappa, interval }) => {
    const shares = [...right, bothRight].map((share) => percent(share).padStart(7));
    const range = interval === null ? '' : ` [${interval.map((end) => end.toFixed(2)).join(', ')}]`;
    const value = (kappa === null ? '-' : kappa.toFixed(2)).padStart(5);
    return `${[group.padEnd(width), String(texts).padStart(5), ...shares, value].join('  ')}${range}`;
  });
  return `${[`${'group'.padEnd(width)}  texts  right 1  right 2     both  kappa`, ...lines].join('\n')}\n`;
}

/** The table as CSV; what cannot be told is empty. */
export const agreementCsv = (rows: readonly ReviewAgreement[]): string =>
  csvText(rows, [
    ['group', ({ group }) => group],
    ['texts', ({ texts }) => texts],
    ['right_1', ({ right }) => compact(right[0].share, 4)],
    ['right_2', ({ right }) => compact(right[1].share, 4)],
    ['both_right', ({ bothRight }) => compact(bothRight.share, 4)],
    ['kappa', ({ kappa }) => compact(kappa, 4)],
    ['kappa_low', ({ interval }) => compact(interval?.[0] ?? null, 4)],
    ['kappa_high', ({ interval }) => compact(interval?.[1] ?? null, 4)],
  ]);
