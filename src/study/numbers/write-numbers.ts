import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../holding/write-whole.js';
import { csvField } from '../../record/number-text.js';
import { openLineFile } from '../../sinks/line-file.js';
import { openOutputFile, unwritable } from '../../sinks/output-file.js';
import { GroupedFile, ROW_GROUP, RowGroup } from '../../sinks/parquet-file.js';
import type { NumberColumn } from './number-columns.js';
import type { NumberRow } from './number-row.js';

/** A row as a line of CSV, without its end. */
export const numberLine = (row: NumberRow, columns: readonly NumberColumn[]): string =>
  columns
    .map(({ value }) => {
      const cell = value(row);
      return cell === null ? '' : csvField(String(cell));
    })
    .join(',');

/** Ending of files that are not whole yet. */
const PART = '.part';

/**
 * Writes `numbers.csv` and `numbers.parquet`, whole or not at all: a table of before stays until both are. Rejects with
 * OUTPUT_UNWRITABLE, or with what the rows reject with.
 */
export async function writeNumbers(
  folder: string,
  columns: readonly NumberColumn[],
  rows: AsyncIterable<NumberRow>,
): Promise<void> {
  const target = { base: join(folder, 'numbers'), overwrite: true };
  const lines = await openLineFile(target, `.csv${PART}`);
  const parquet = await openOutputFile(target, `.parquet${PART}`);
  try {
    const grouped = new GroupedFile<NumberRow>(parquet, columns);
    const group = new RowGroup<NumberRow>(columns);
    await lines.write(`${columns.map(({ name }) => name).join(',')}\n`);
    for await (const row of rows) {
      await lines.write(`${numberLine(row, columns)}\n`);
      group.add(row);
      if (group.rows >= ROW_GROUP) await grouped.write(group);
    }
    if (group.rows > 0) await grouped.write(group);
    await grouped.finish();
  } finally {
    await lines.close();
    await parquet.close();
  }
  for (const ending of ['.csv', '.parquet']) await placed(`${target.base}${ending}`);
}

const placed = (path: string): Promise<void> =>
  rename(`${path}${PART}`, path).catch((error: unknown) => {
    throw unwritable(path, error);
  });

/** Writes a small text beside the table, whole or not at all. Rejects with OUTPUT_UNWRITABLE. */
export async function writeBeside(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  await writeWhole(path, text, 0o644).catch((error: unknown) => {
    throw unwritable(path, error);
  });
}
