import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { openOutputFile, type WriteBytes } from './output-file.js';
import { GroupedFile, type ParquetColumn, ROW_GROUP, RowGroup } from './parquet-file.js';

/** A row of a Parquet file, by the names of its columns. */
export type ParquetRow = Readonly<Record<string, number | string | boolean | null | undefined>>;

const TYPES: Readonly<Record<string, ParquetColumn<ParquetRow>['type']>> = {
  DOUBLE: 'double',
  INT32: 'int',
  BOOLEAN: 'boolean',
  BYTE_ARRAY: 'text',
};

const columnsOf = (schema: readonly SchemaElement[]): ParquetColumn<ParquetRow>[] =>
  schema
    .slice(1)
    .map(({ name, type }) => ({ name, type: TYPES[type ?? ''] ?? 'text', value: (row) => row[name] ?? null }));

/**
 * Copies the rows of a Parquet file of ours into `<base>.parquet`, group by group. Rejects with OUTPUT_UNWRITABLE, or with what
 * reading says.
 *
 * @param change - the row as it is to be, or null where it is to go
 * @returns rows that were copied and left out
 */
export async function copyParquet(
  from: string,
  base: string,
  change: (row: ParquetRow) => ParquetRow | null,
  write?: WriteBytes,
): Promise<{ readonly stayed: number; readonly gone: number }> {
  const file = await asyncBufferFromFile(from);
  const metadata = await parquetMetadataAsync(file);
  const columns = columnsOf(metadata.schema);
  const target = await openOutputFile({ base, overwrite: true, ...(write ? { write } : {}) }, '.parquet');
  const grouped = new GroupedFile<ParquetRow>(target, columns);
  const group = new RowGroup<ParquetRow>(columns);
  const rows = Number(metadata.num_rows);
  let [stayed, gone] = [0, 0];
  try {
    for (let rowStart = 0; rowStart < rows; rowStart += ROW_GROUP) {
      const rowEnd = Math.min(rows, rowStart + ROW_GROUP);
      for (const row of (await parquetReadObjects({ file, metadata, rowStart, rowEnd })) as ParquetRow[]) {
        const changed = change(row);
        if (changed === null) {
          gone++;
          continue;
        }
        stayed++;
        group.add(changed);
        if (group.rows >= ROW_GROUP) await grouped.write(group);
      }
    }
    if (group.rows > 0) await grouped.write(group);
    await grouped.finish();
  } finally {
    await target.close();
  }
  return { stayed, gone };
}
