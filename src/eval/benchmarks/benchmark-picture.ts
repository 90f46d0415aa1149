import { classChart } from '../class-chart.js';
import { confusionChart } from '../confusion-chart.js';
import { MUTED, polyline, shortened, text, toPng } from '../svg.js';
import type { BenchmarkReport, PartReport } from './benchmark-report.js';
import { benchmarkTitle } from './benchmark-tables.js';

const WIDTH = 1560;
const LEFT = 56;
const RIGHT = 910;
const HEAD_PX = 130;
/** Cells of the matrix get smaller with more classes, so that every part has the same width. */
const MATRIX_PX = 620;

const heightOf = ({ classification, units }: PartReport): number =>
  130 + (classification ? MATRIX_PX + 90 : units ? 330 : 0);

/** DIR/eval.png: for each part its numbers, the confusion matrix, and each class or action unit. Failed and unread are wrong. */
export function benchmarkPicture(report: BenchmarkReport): Promise<Buffer> {
  const { data, counts, engine } = report;
  const about = `${counts.items} items of ${shortened(data.lists.join(', '), 70)} · ${counts.failed} failed, ${counts.unread} unread · prompts ${shortened(report.prompts.join(', '), 50)} · mien ${report.mienVersion}`;
  const parts = [
    text(LEFT, 60, `${benchmarkTitle(report)}: ${shortened(engine.model, 60)}`, { size: 28, weight: 600 }),
    text(LEFT, 89, about, { size: 15, fill: MUTED }),
  ];
  let y = HEAD_PX;
  for (const part of report.parts) {
    parts.push(...partPicture(part, y));
    y += heightOf(part);
  }
  return toPng({ width: WIDTH, height: y + 30 }, parts);
}

function partPicture(part: PartReport, top: number): string[] {
  const { classification, units, counts } = part;
  const list: [string, string][] = [
    ...part.columns.map((column, index): [string, string] => [part.strict[index]!.toFixed(1), column]),
    [String(counts.items), 'items'],
  ];
  const drawn = [
    polyline([
      [LEFT, top - 18],
      [WIDTH - LEFT, top - 18],
    ]),
    text(LEFT, top + 14, part.part, { size: 19, weight: 600 }),
    ...list.flatMap(([value, name], index) => [
      text(LEFT + index * 190, top + 58, value, { size: 30, weight: 600 }),
      text(LEFT + index * 190, top + 81, name, { size: 14, fill: MUTED }),
    ]),
  ];
  if (classification) {
    const { labels, metrics } = classification;
    const missing = counts.failed + counts.unread;
    const columns = labels.length + (missing > 0 ? 1 : 0);
    const matrix = { labels, metrics, missing: missing > 0 ? { count: missing, label: 'none' } : null };
    drawn.push(...confusionChart(matrix, LEFT + 160, top + 116, MATRIX_PX / columns));
    drawn.push(...classChart(metrics.perClass, { x: RIGHT, y: top + 150, width: WIDTH - LEFT - RIGHT, height: 210 }));
  }
  if (units) {
    const bars = units.perUnit.map((one) => ({ ...one, label: `AU${one.unit}` }));
    const y = classification ? top + 460 : top + 150;
    drawn.push(...classChart(bars, { x: RIGHT, y, width: WIDTH - LEFT - RIGHT, height: 150 }));
  }
  return drawn;
}
