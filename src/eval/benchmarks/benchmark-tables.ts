import type { BenchmarkReport, PartReport } from './benchmark-report.js';

const TITLES = {
  faba: 'FABA-Bench',
  feabench: 'FEABench',
  ferbench: 'FERBench',
  cer: 'Compound expressions',
} as const;

export const benchmarkTitle = (report: BenchmarkReport): string => TITLES[report.benchmark];

const number = (value: number | null): string => (value === null ? '' : value.toFixed(2));
/** Names come from files and servers: nothing in them may end a cell or a line. */
const cell = (text: string): string => text.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|');

function partLines(part: PartReport, model: string): string[] {
  const { counts } = part;
  const row = (name: string, values: readonly (number | null)[], source: string): string =>
    `| ${[cell(name), ...values.map(number), cell(source)].join(' | ')} |`;
  return [
    `## ${cell(part.part)}`,
    '',
    `${counts.items} items: ${counts.answered} answered (${counts.unread} of them unread, ${counts.truncated} cut off), ${counts.failed} failed.`,
    '',
    `| model | ${part.columns.join(' | ')} | source |`,
    `| --- |${' ---: |'.repeat(part.columns.length)} --- |`,
    row(`**${model}**`, part.strict, 'this run, all items: failed and unread are wrong'),
    row(model, part.asPublished, "this run, counted as the paper's script does"),
    ...part.published.map(({ model: name, values, source }) => row(name, values, source)),
    '',
    ...classLines(part),
    ...unitLines(part),
  ];
}

function classLines({ classification }: PartReport): string[] {
  if (!classification) return [];
  return [
    '| class | precision | recall | F1 | items |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...classification.metrics.perClass.map(
      (one) =>
        `| ${one.label} | ${number(100 * one.precision)} | ${number(100 * one.recall)} | ${number(100 * one.f1)} | ${one.support} |`,
    ),
    '',
  ];
}

function unitLines({ units, publishedUnits }: PartReport): string[] {
  if (!units) return [];
  return [
    `| ${['action unit', 'precision', 'recall', 'F1', 'shown', 'claimed', ...publishedUnits.map(({ model, source }) => cell(`F1 of ${model} (${source})`))].join(' | ')} |`,
    `| --- |${' ---: |'.repeat(5 + publishedUnits.length)}`,
    ...units.perUnit.map(
      (one) =>
        `| AU${one.unit} | ${number(100 * one.precision)} | ${number(100 * one.recall)} | ${number(100 * one.f1)} | ${one.support} | ${one.claimed} |${publishedUnits.map(({ f1 }) => ` ${number(f1[one.unit] ?? null)} |`).join('')}`,
    ),
    '',
  ];
}

/** DIR/eval.md: the numbers beside the papers', in percent. */
export function benchmarkMarkdown(report: BenchmarkReport): string {
  const { data, engine, counts } = report;
  const limited = data.limit === null ? '' : `, at most ${data.limit} of each part, evenly spread`;
  const failures = Object.entries(report.failures).map(([reason, count]) => `${reason} ${count}`);
  return [
    `# ${benchmarkTitle(report)}: ${cell(engine.model)}`,
    '',
    `${counts.items} items of ${cell(data.lists.join(', '))}${limited}; pictures ${report.pictures}; prompts ${report.prompts.join(', ')}; measured priors ${report.priors ? 'told' : 'not told'}; ${landmarksText(report)}; engine ${cell(engine.id)}; mien ${report.mienVersion}. Numbers in percent.`,
    ...(report.rouge === null ? [] : [`ROUGE-L as the package ${report.rouge} computes it.`]),
    ...(failures.length === 0
      ? []
      : ['', `Failed requests: ${failures.join(', ')}. With --resume they are asked again.`]),
    '',
    ...report.parts.flatMap((part) => partLines(part, engine.model)),
  ].join('\n');
}

const landmarksText = ({ landmarks }: BenchmarkReport): string =>
  landmarks === null ? 'no landmarks sent' : `landmarks sent (no face found in ${landmarks.faceless} pictures)`;

/** The result for a terminal. */
export function benchmarkLines(report: BenchmarkReport): string[] {
  const { counts } = report;
  const lines = [
    `${benchmarkTitle(report)}, ${report.engine.model}: ${counts.items} items, ${counts.answered} answered, ${counts.failed} failed, ${counts.unread} unread`,
  ];
  for (const part of report.parts) {
    const named = (values: readonly number[]): string =>
      part.columns.map((column, index) => `${column} ${values[index]!.toFixed(2)}`).join(', ');
    lines.push('', `${part.part} (${part.counts.items} items)`, `  all items     ${named(part.strict)}`);
    lines.push(`  as published  ${named(part.asPublished)}`);
    const best = part.published.at(-1);
    if (best)
      lines.push(
        `  ${best.model}: ${part.columns.flatMap((column, index) => (best.values[index] == null ? [] : [`${column} ${best.values[index]!.toFixed(2)}`])).join(', ')} (${best.source})`,
      );
  }
  return lines;
}
