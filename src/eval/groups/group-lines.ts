import { VALIDITY } from '../../domain/face.js';
import type { Share } from '../../statistics/intervals.js';
import { type Cells, markdownTable } from '../markdown-table.js';
import { aligned } from '../tables.js';
import type { GroupScore, GroupsEvalReport } from './group-report.js';

const share = ({ share: value, interval }: Share): string =>
  value === null ? '-' : `${value.toFixed(3)} [${interval!.map((end) => end.toFixed(3)).join(', ')}]`;
const two = (value: number | null): string => (value === null ? '-' : value.toFixed(2));

function chiefCells({ all, divisions }: GroupsEvalReport): Cells {
  const row = (by: string, score: GroupScore): string[] => [
    by === '' ? score.group : `${by}: ${score.group}`,
    String(score.images),
    share(score.found),
    share(score.read),
    ...(score.right ? [share(score.right)] : []),
  ];
  return [
    ['group', 'images', 'found', 'read', ...(all.right ? ['right'] : [])],
    row('', all),
    ...divisions.flatMap(({ by, groups }) => groups.map((score) => row(by, score))),
  ];
}

/** One column a class: for each group the mean, the most probable or the present share. */
function sharesCells(report: GroupsEvalReport, names: readonly string[], of: (score: GroupScore) => string[]): Cells {
  const row = (by: string, score: GroupScore): string[] => [
    by === '' ? score.group : `${by}: ${score.group}`,
    ...of(score),
  ];
  return [
    ['group', ...names],
    row('', report.all),
    ...report.divisions.flatMap(({ by, groups }) => groups.map((score) => row(by, score))),
  ];
}

/** The largest difference between two groups of each division, for what has the same truth in all of them. */
function gapLines({ divisions }: GroupsEvalReport): string[] {
  return divisions.flatMap(({ by, groups }) =>
    (['found', 'read', 'right'] as const).flatMap((name) => {
      const told = groups.flatMap((score) =>
        score[name]?.share == null ? [] : [{ group: score.group, at: score[name].share }],
      );
      if (told.length < 2) return [];
      const sorted = told.sort((a, b) => a.at - b.at);
      const [least, most] = [sorted[0]!, sorted.at(-1)!];
      return `${by}, ${name}: ${(most.at - least.at).toFixed(3)} between ${most.group} (${most.at.toFixed(3)}) and ${least.group} (${least.at.toFixed(3)})`;
    }),
  );
}

const REASONS = VALIDITY.filter((name) => name !== 'ok' && name !== 'model-off');

const NOTE =
  'Brackets are 95 % intervals after Wilson. Shares of emotions and action units differ with the photographs of a group as well as with the reading.';

/** The result for a terminal. */
export function groupsTerminalLines(report: GroupsEvalReport): string[] {
  return [
    `${report.model.id} ${report.model.version} on ${report.all.images} images of ${report.data.list}`,
    ...[report.model.device, report.model.precision].flatMap(({ problem }) => problem ?? []),
    '',
    ...aligned(chiefCells(report)),
    '',
    'largest gaps',
    ...gapLines(report),
    '',
    NOTE,
  ];
}

/** DIR/eval.md. */
export function groupsMarkdown(report: GroupsEvalReport): string {
  return [
    `# Groups, ${report.model.id} ${report.model.version}`,
    '',
    NOTE,
    '',
    ...markdownTable(chiefCells(report)),
    '',
    ...gapLines(report).map((line) => `- ${line}`),
    '',
    'Why images are not read:',
    '',
    ...markdownTable(sharesCells(report, REASONS, ({ validity }) => REASONS.map((name) => String(validity[name])))),
    '',
    'Mean probability of each emotion, of the images read:',
    '',
    ...markdownTable(sharesCells(report, report.emotions, ({ meanEmotions }) => meanEmotions.map(two))),
    '',
    'Share in which it is the most probable:',
    '',
    ...markdownTable(
      sharesCells(report, report.emotions, ({ topEmotions }) => topEmotions.map(({ share: value }) => two(value))),
    ),
    '',
    'Action units present:',
    '',
    ...markdownTable(
      sharesCells(
        report,
        report.units.map((unit) => `AU${unit}`),
        ({ unitsPresent }) => unitsPresent.map(({ share: value }) => two(value)),
      ),
    ),
    '',
  ].join('\n');
}
