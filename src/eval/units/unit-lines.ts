import type { Interval } from '../../statistics/intervals.js';
import { aligned } from '../tables.js';
import { protocolLines, protocolMarkdown } from './protocol-lines.js';
import type { PaperMean, UnitScore, UnitsEvalReport } from './unit-report.js';

const number = (value: number | null, digits = 3): string => (value === null ? '-' : value.toFixed(digits));
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const within = (interval: Interval | null): string =>
  interval === null ? '' : ` [${interval.map((end) => end.toFixed(2)).join(', ')}]`;

const HEAD = ['unit', 'coded', 'present', 'AUC', 'F1', 'precision', 'recall', 'ICC', 'error', 'on neutral'];

const cells = (score: UnitScore): string[] => [
  score.readAs === score.unit ? `AU${score.unit}` : `AU${score.unit} (read as ${score.readAs})`,
  String(score.coded),
  String(score.present),
  number(score.auc) + within(score.aucInterval),
  number(score.f1) + within(score.f1Interval),
  number(score.precision),
  number(score.recall),
  number(score.icc, 2),
  number(score.meanAbsoluteError, 2),
  number(score.onNeutral.share, 2) + within(score.onNeutral.interval),
];

function paperCells({
  name,
  units,
  notRead,
  notCoded,
  f1,
  f1OfRead,
  f1OfReadInterval,
  aucOfRead,
}: PaperMean): string[] {
  const missing = [
    ...(notRead.length > 0 ? [`mien has no ${notRead.join(', ')}`] : []),
    ...(notCoded.length > 0 ? [`not coded here: ${notCoded.join(', ')}`] : []),
  ];
  return [
    name,
    `${units.length} of ${units.length + notCoded.length}`,
    number(f1),
    number(f1OfRead) + within(f1OfReadInterval),
    number(aucOfRead),
    missing.join('; ') || 'all',
  ];
}

const PAPER_HEAD = ['list', 'units', 'F1', 'F1 of those read', 'AUC', 'missing'];

/** What was measured, and what is left out, in sentences. */
function remarks(report: UnitsEvalReport): string[] {
  const { counts, shares, notRead, presentFrom, resampled } = report;
  return [
    `a face found in ${counts.found} of ${counts.images} images (${percent(shares.found)}), read in ${counts.read} (${percent(shares.read)}); what is not read claims no unit; ${counts.neutral} read images are neutral (every coded unit absent)`,
    `a coded unit counts as present from degree ${presentFrom} on; brackets are 95 % intervals over ${resampled}${counts.subjects === null ? '' : ` (${counts.subjects})`}, on neutral images after Wilson`,
    ...(notRead.length === 0
      ? []
      : [`mien has no unit for ${notRead.map(({ unit, present }) => `AU${unit} (in ${present} images)`).join(', ')}`]),
  ];
}

const meanCells = ({ means }: UnitsEvalReport): string[] => [
  'mean',
  '',
  '',
  number(means.auc),
  number(means.f1),
  '',
  '',
  number(means.icc, 2),
  '',
  '',
];

/** The result for a terminal. */
export function unitsTerminalLines(report: UnitsEvalReport): string[] {
  return [
    `${report.model.id} ${report.model.version} on ${report.counts.images} images of ${report.data.list}`,
    ...[report.model.device, report.model.precision].flatMap(({ problem }) => problem ?? []),
    '',
    ...aligned([HEAD, ...report.units.map(cells), meanCells(report)]),
    '',
    ...aligned([PAPER_HEAD, ...report.papers.map(paperCells)]),
    '',
    ...remarks(report),
    ...(report.protocol === null ? [] : ['', ...protocolLines(report.protocol)]),
  ];
}

/** DIR/eval.md. */
export function unitsMarkdown(report: UnitsEvalReport): string {
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
    [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return [
    `# Action units of ${report.model.id} ${report.model.version}`,
    '',
    `${remarks(report).join('. ')}.`,
    '',
    ...table(HEAD, [...report.units.map(cells), meanCells(report)]),
    '',
    ...table(PAPER_HEAD, report.papers.map(paperCells)),
    '',
    ...(report.protocol === null ? [] : [protocolMarkdown(report.protocol)]),
  ].join('\n');
}
