import type { ClassificationMetrics } from './metrics.js';
import { INK, MUTED, rect, text } from './svg.js';

/** White to the blue of values, by the share of a row. */
function shade(share: number): string {
  const mix = (from: number, to: number): number => Math.round(from + (to - from) * share ** 0.7);
  return `rgb(${mix(246, 33)},${mix(248, 87)},${mix(251, 152)})`;
}

/** What a matrix shows. */
export interface ConfusionMatrix {
  readonly labels: readonly string[];
  readonly metrics: ClassificationMetrics;
  /** Items that are in no column, and what a last column for them is called. */
  readonly missing: { readonly count: number; readonly label: string } | null;
}

/** Column headings in narrow cells: "disgustedly surprised" becomes "disg. surp.". */
const heading = (label: string, cellPx: number): string =>
  label.length * 7 <= cellPx
    ? label
    : label
        .split(' ')
        .map((word) => `${word.slice(0, Math.max(3, Math.floor(cellPx / 16)))}.`)
        .join(' ');

/**
 * Confusion matrix, its upper left corner of cells at x, y: counts as numbers, colour by share of the true class. Where some
 * items were not read, a last column counts them.
 */
export function confusionChart(matrix: ConfusionMatrix, x: number, y: number, cellPx: number): string[] {
  const { labels, metrics } = matrix;
  const parts: string[] = [];
  const withMissing = matrix.missing !== null;
  const side = cellPx * labels.length;
  for (const [row, label] of labels.entries()) {
    const { support, recall } = metrics.perClass[row]!;
    const cells = metrics.confusion[row]!;
    const middleY = y + (row + 0.5) * cellPx;
    parts.push(text(x - 14, middleY - 2, label, { anchor: 'end', weight: 600 }));
    const note = support === 0 ? 'none' : `${support} · ${(100 * recall).toFixed(0)} %`;
    parts.push(text(x - 14, middleY + 15, note, { anchor: 'end', size: 12.5, fill: MUTED }));
    const missing = support - cells.reduce((sum, count) => sum + count, 0);
    for (const [column, count] of [...cells, ...(withMissing ? [missing] : [])].entries()) {
      const share = support === 0 ? 0 : count / support;
      const left = x + column * cellPx + (column === labels.length ? 8 : 0);
      parts.push(rect({ x: left, y: y + row * cellPx, width: cellPx, height: cellPx }, shade(share), '#ffffff'));
      const fill = share > 0.45 ? '#ffffff' : count === 0 ? '#b3bac3' : INK;
      parts.push(text(left + cellPx / 2, middleY + 5, String(count), { anchor: 'middle', fill, size: 15 }));
    }
  }
  for (const [column, label] of [...labels, ...(matrix.missing ? [matrix.missing.label] : [])].entries()) {
    const left = x + column * cellPx + (column === labels.length ? 8 : 0);
    parts.push(text(left + cellPx / 2, y + side + 20, heading(label, cellPx), { anchor: 'middle', size: 13 }));
  }
  parts.push(text(x + side / 2, y + side + 46, 'read as', { anchor: 'middle', fill: MUTED, size: 13.5 }));
  return parts;
}
