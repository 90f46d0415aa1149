import type { EvalReport } from './eval-report.js';
import { INK, MUTED, rect, text } from './svg.js';

/** White to the blue of values, by the share of a row. */
function shade(share: number): string {
  const mix = (from: number, to: number): number => Math.round(from + (to - from) * share ** 0.7);
  return `rgb(${mix(246, 33)},${mix(248, 87)},${mix(251, 152)})`;
}

/**
 * Confusion matrix, its upper left corner of cells at x, y: counts as numbers, colour by share of the true class. Where some images had no
 * face, a last column counts them.
 */
export function confusionChart(report: EvalReport, x: number, y: number, cellPx: number): string[] {
  const { labels, metrics, counts } = report;
  const parts: string[] = [];
  const withMissing = counts.noFace > 0;
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
  for (const [column, label] of [...labels, ...(withMissing ? ['no face'] : [])].entries()) {
    const left = x + column * cellPx + (column === labels.length ? 8 : 0);
    parts.push(text(left + cellPx / 2, y + side + 20, label, { anchor: 'middle', size: 13 }));
  }
  parts.push(text(x + side / 2, y + side + 46, 'read as', { anchor: 'middle', fill: MUTED, size: 13.5 }));
  return parts;
}
