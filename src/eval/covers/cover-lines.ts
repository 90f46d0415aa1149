import type { Interval, Share } from '../../statistics/intervals.js';
import { type Cells, markdownTable } from '../markdown-table.js';
import { aligned } from '../tables.js';
import type { CoverGroup, CoversEvalReport } from './cover-report.js';

const three = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
const within = (interval: Interval | null): string => (interval === null ? '' : ` [${interval.map(three).join(', ')}]`);
const share = ({ share: value, interval }: Share): string => three(value) + within(interval);

const partsOf = ({ parts }: CoversEvalReport): Cells => [
  ['part', 'judged', 'covered', 'AUC', 'accuracy', 'covered told', 'falsely covered', 'error'],
  ...parts.map((score) => [
    score.part,
    String(score.judged),
    String(score.covered),
    three(score.auc) + within(score.aucInterval),
    share(score.accuracy),
    share(score.told),
    share(score.falselyCovered),
    three(score.meanError),
  ]),
];

const row = (name: string, { images, read, told, falselyCovered }: CoverGroup): string[] => [
  name,
  String(images),
  String(read),
  share(told),
  String(falselyCovered.of),
  share(falselyCovered),
];

const groupsOf = ({ all, divisions }: CoversEvalReport): Cells => [
  ['faces', 'images', 'read', 'covered parts told', 'open faces', 'any part falsely covered'],
  row('all', all),
  ...divisions.flatMap(({ by, groups }) => groups.map((group) => row(`${by}: ${group.group}`, group))),
];

/** What was measured, and what is left out, in sentences. */
function remarks({ counts, limits }: CoversEvalReport): string[] {
  return [
    `a face found in ${counts.found} of ${counts.images} images, read in ${counts.read}; all but the number of images is of those read`,
    `a part is covered where at most ${limits.covered} of it is seen, seen from ${limits.seen} on; what lies between counts in the error alone`,
    `brackets are 95 % intervals, of AUC over ${counts.subjects === null ? 'images' : `${counts.subjects} subjects`}, of shares after Wilson`,
  ];
}

/** The result for a terminal. */
export function coversTerminalLines(report: CoversEvalReport): string[] {
  return [
    `${report.model.id} ${report.model.version} on ${report.counts.images} images of ${report.data.list}`,
    ...[report.model.device, report.model.precision].flatMap(({ problem }) => problem ?? []),
    '',
    ...aligned(partsOf(report)),
    '',
    ...aligned(groupsOf(report)),
    '',
    ...remarks(report),
  ];
}

/** DIR/eval.md. */
export function coversMarkdown(report: CoversEvalReport): string {
  return [
    `# Covered faces, ${report.model.id} ${report.model.version}`,
    '',
    `${remarks(report).join('. ')}.`,
    '',
    ...markdownTable(partsOf(report)),
    '',
    ...markdownTable(groupsOf(report)),
    '',
  ].join('\n');
}
