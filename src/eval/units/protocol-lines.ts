import { aligned } from '../tables.js';
import type { Protocol } from './protocol.js';

const percent = (share: number): string => (100 * share).toFixed(1);

function rowsOf({ perUnit, f1, published, folds }: Protocol): { readonly head: string[]; readonly rows: string[][] } {
  const names = folds > 1 ? Array.from({ length: folds }, (_, index) => `fold ${index + 1}`) : [];
  return {
    head: ['unit', 'F1', ...names],
    rows: [
      ...perUnit.map(({ unit, f1: own, folds: each, read }) => [
        `AU${unit}${read ? '' : ' (mien has none)'}`,
        percent(own),
        ...names.map((_, index) => percent(each[index]!)),
      ]),
      [
        'mean',
        percent(f1),
        ...names.map((_, at) => percent(perUnit.reduce((sum, one) => sum + one.folds[at]!, 0) / perUnit.length)),
      ],
      ...published.map(({ model, f1: theirs, source }) => [
        `${model} (${source})`,
        theirs.toFixed(1),
        ...names.map(() => ''),
      ]),
    ],
  };
}

const title = ({ title: set, units, sample, folds }: Protocol): string =>
  `${set}, ${units === 'shared' ? 'the units it shares with FEABench' : 'the units of the papers'}${sample === null ? '' : `, ${100 * sample} % of each recording's frames`}${folds > 1 ? `, mean over ${folds} folds of people` : ''}: F1 in percent`;

/** The set's numbers for a terminal. */
export function protocolLines(protocol: Protocol): string[] {
  const { head, rows } = rowsOf(protocol);
  return [title(protocol), ...aligned([head, ...rows])];
}

/** The set's numbers for DIR/eval.md. */
export function protocolMarkdown(protocol: Protocol): string {
  const { head, rows } = rowsOf(protocol);
  const lines = [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows];
  return [`## ${title(protocol)}`, '', ...lines.map((row) => `| ${row.join(' | ')} |`), ''].join('\n');
}
