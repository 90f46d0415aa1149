import { csvField } from '../../record/number-text.js';
import { TEXTS } from './check-texts.js';
import type { DescribedFace, FaceToDescribe, RejectedFace } from './described.js';

type Column<Row> = readonly [name: string, cell: (row: Row) => string | number | null | undefined];

/** Rows as CSV with a header line. */
export function csvText<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const line = (cells: readonly string[]): string => `${cells.map(csvField).join(',')}\n`;
  const lines = rows.map((row) => line(columns.map(([, cell]) => String(cell(row) ?? ''))));
  return [line(columns.map(([name]) => name)), ...lines].join('');
}

/** Columns of what labels say, as `--from csv` reads them; without those that no row fills. */
function labelColumns<Row extends FaceToDescribe>(rows: readonly Row[]): Column<Row>[] {
  const units = [...new Set(rows.flatMap(({ facts }) => facts.units?.coded ?? []))].sort(
    (a, b) => Number(a) - Number(b),
  );
  const columns: Column<Row>[] = [
    ['label', ({ facts }) => facts.compound ?? facts.emotion],
    ['subject', ({ face }) => face.subject],
    ['split', ({ face }) => face.split],
    ...units.map((unit): Column<Row> => [`AU${unit}`, ({ face }) => face.units?.get(unit)]),
    ['valence', ({ face }) => face.affect?.valence],
    ['arousal', ({ face }) => face.affect?.arousal],
  ];
  return columns.filter(([, cell]) => rows.some((row) => (cell(row) ?? null) !== null));
}

/** DIR/described.csv: labels and texts, a list for `mien dataset convert --from csv`. */
export const describedCsv = (rows: readonly DescribedFace[]): string =>
  csvText(rows, [
    ['image', ({ image }) => image],
    ...labelColumns(rows),
    ...TEXTS.map((name): Column<DescribedFace> => [name, ({ texts }) => texts[name]]),
  ]);

/** DIR/rejected.csv: the faces without texts, and why. */
export const rejectedCsv = (rows: readonly RejectedFace[]): string =>
  csvText(rows, [
    ['image', ({ image }) => image],
    ['where', ({ face }) => face.where],
    ...labelColumns(rows),
    ['tries', ({ tries }) => tries],
    ['reason', ({ failure, faults }) => failure ?? faults.map(({ words }) => words).join('. ')],
    ['answer', ({ answer }) => answer],
  ]);
