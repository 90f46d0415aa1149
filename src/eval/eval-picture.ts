import { reliabilityChart } from './calibration-chart.js';
import { classChart } from './class-chart.js';
import { confusionChart } from './confusion-chart.js';
import type { EvalReport } from './eval-report.js';
import { MUTED, polyline, shortened, text, toPng } from './svg.js';

const SIZE = { width: 1560, height: 980 };
const LEFT = 56;

/** Title, what was measured, and a row of the chief numbers: the head of both pictures. */
export function pictureHead(report: EvalReport, title: string, width: number): string[] {
  const { data, counts, model } = report;
  const split = data.split ? `, ${data.split} split` : '';
  const about = `${counts.images} images of ${shortened(data.list, 60)}${split} · weights ${model.sha256.slice(0, 12)}${model.flip ? ' · with flip' : ''} · mien ${report.mienVersion}`;
  return [
    text(LEFT, 60, title, { size: 28, weight: 600 }),
    text(LEFT, 89, about, { size: 15, fill: MUTED }),
    polyline([
      [LEFT, 112],
      [width - LEFT, 112],
    ]),
  ];
}

function figures(report: EvalReport): string[] {
  const { metrics, calibration, speed, counts } = report;
  const list: [string, string][] = [
    ['accuracy', metrics.accuracy.toFixed(3)],
    ['balanced accuracy', metrics.balancedAccuracy.toFixed(3)],
    ['macro F1', metrics.macroF1.toFixed(3)],
    ['ECE', calibration.ece.toFixed(3)],
    ['Brier', calibration.brier.toFixed(3)],
    ['NLL', calibration.nll.toFixed(3)],
  ];
  if (counts.noFace > 0) {
    list.push(['without a face', `${(100 * report.shares.noFace).toFixed(1)} %`]);
    list.push(['accuracy of the rest', report.accuracyOfRead.toFixed(3)]);
  }
  if (speed) list.push(['per face, one thread', `${speed.msPerFace.toFixed(2)} ms`]);
  const step = (SIZE.width - 2 * LEFT) / Math.max(7, list.length);
  return list.flatMap(([name, value], index) => [
    text(LEFT + index * step, 160, value, { size: 30, weight: 600 }),
    text(LEFT + index * step, 183, name, { size: 14, fill: MUTED }),
  ]);
}

/** DIR/eval.png: chief numbers, confusion matrix, reliability diagram, per-class bars. */
export function evalPicture(report: EvalReport): Promise<Buffer> {
  const heading = (x: number, y: number, title: string, note: string): string[] => [
    text(x, y, title, { size: 19, weight: 600 }),
    ...(note === '' ? [] : [text(x, y + 22, note, { size: 13.5, fill: MUTED })]),
  ];
  const right = 910;
  const missing = report.counts.noFace > 0 ? { count: report.counts.noFace, label: 'no face' } : null;
  const cellPx = report.counts.noFace > 0 ? 70 : 78;
  return toPng(SIZE, [
    ...pictureHead(report, `${report.model.id} ${report.model.version}`, SIZE.width),
    ...figures(report),
    ...heading(
      LEFT,
      240,
      'Confusion matrix',
      'Rows are the true class, with its images and recall; colour is the share of the row.',
    ),
    ...confusionChart({ labels: report.labels, metrics: report.metrics, missing }, LEFT + 106, 282, cellPx),
    ...heading(right - 40, 240, 'Reliability', ''),
    ...reliabilityChart(report, { x: right, y: 262, width: SIZE.width - LEFT - right, height: 298 }),
    ...heading(right - 40, 668, 'Each class', ''),
    text(right + 70, 668, 'The number is F1.', { size: 13.5, fill: MUTED }),
    ...classChart(report.metrics.perClass, { x: right, y: 702, width: SIZE.width - LEFT - right, height: 210 }),
  ]);
}
