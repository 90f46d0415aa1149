import type { Interval } from '../../statistics/intervals.js';
import { type Cells, markdownTable } from '../markdown-table.js';
import { aligned } from '../tables.js';
import type { AngleError, GazeEvalReport, GazeScore } from './gaze-report.js';

const one = (value: number | null): string => (value === null ? '-' : value.toFixed(1));
const within = (interval: Interval | null): string => (interval === null ? '' : ` [${interval.map(one).join(', ')}]`);
const error = ({ mean, interval }: AngleError): string => one(mean) + within(interval);

const row = (name: string, { images, read, both, right, left, bias }: GazeScore): string[] => [
  name,
  String(images),
  String(read),
  error(both),
  one(both.median),
  one(both.worst),
  error(right),
  error(left),
  bias === null ? '-' : `${one(bias.yaw)}, ${one(bias.pitch)}`,
];

const HEAD = ['heads', 'images', 'read', 'both eyes', 'median', '95 %', 'right', 'left', 'bias yaw, pitch'];

const tableOf = ({ within30, all, divisions }: GazeEvalReport): Cells => [
  HEAD,
  row('yaw within 30', within30),
  row('all', all),
  ...divisions.flatMap(({ by, groups }) => groups.map((score) => row(`${by}: ${score.group}`, score))),
];

/** What was measured, and what is left out, in sentences. */
function remarks({ counts, headYaw, contact }: GazeEvalReport): string[] {
  const reasons = Object.entries(counts.missing).map(([reason, count]) => `${count} ${reason}`);
  return [
    `a face found in ${counts.found} of ${counts.images} images, its gaze read in ${counts.read}${reasons.length > 0 ? ` (not read: ${reasons.join(', ')})` : ''}`,
    `degrees between what is read and the truth; brackets are 95 % intervals over ${counts.subjects === null ? 'images' : `${counts.subjects} subjects`}; the turn of the head is ${headYaw === 'list' ? 'that of the list' : 'as mien measures it'}, and groups of the list's columns are within 30 degrees of it`,
    ...(contact === null
      ? []
      : [
          `looks at the camera (within 5 degrees): ${contact.looking} of ${contact.count} do, ${contact.accuracy.toFixed(3)} told right, Brier ${contact.brier.toFixed(3)}`,
        ]),
  ];
}

/** The result for a terminal. */
export function gazeTerminalLines(report: GazeEvalReport): string[] {
  return [
    `${report.model.id} ${report.model.version} on ${report.counts.images} images of ${report.data.list}`,
    ...[report.model.device, report.model.precision].flatMap(({ problem }) => problem ?? []),
    '',
    ...aligned(tableOf(report)),
    '',
    ...remarks(report),
  ];
}

/** DIR/eval.md. */
export function gazeMarkdown(report: GazeEvalReport): string {
  return [
    `# Gaze, ${report.model.id} ${report.model.version}`,
    '',
    `${remarks(report).join('. ')}.`,
    '',
    ...markdownTable(tableOf(report)),
    '',
  ].join('\n');
}
