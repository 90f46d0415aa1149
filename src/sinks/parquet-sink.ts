import type { FaceRecord } from '../domain/records.js';
import { type TableOptions, tableColumns } from '../record/record-columns.js';
import type { FileSink } from './file-sink.js';
import { openOutputFile, type SinkTarget } from './output-file.js';
import { GroupedFile, ROW_GROUP, RowGroup } from './parquet-file.js';

/**
 * `<base>.parquet`: the columns of the CSV with types and nulls, in row groups of bounded size, Snappy. Nothing can read
 * it before close() wrote its footer. On a full disk close() still tries to write the footer for the groups before.
 */
export async function createParquetSink(
  target: SinkTarget,
  options: TableOptions = { actionUnits: [] },
): Promise<FileSink> {
  const columns = tableColumns(options);
  const file = await openOutputFile(target, '.parquet');
  const grouped = new GroupedFile<FaceRecord>(file, columns);
  const group = new RowGroup<FaceRecord>(columns);
  let failure: unknown;
  let closing: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    try {
      await grouped.write(group);
    } catch (error) {
      failure ??= error;
      throw error;
    }
  };
  const finish = async (): Promise<void> => {
    try {
      if (group.rows > 0 && failure === undefined) await flush().catch(() => undefined); // thrown below
      await grouped.finish().catch((error: unknown) => {
        failure ??= error;
      });
    } finally {
      await file.close();
    }
    if (failure !== undefined) throw failure;
  };

  return {
    name: 'parquet',
    async records(batch) {
      if (failure !== undefined) throw failure;
      for (const record of batch) {
        group.add(record);
        if (group.rows >= ROW_GROUP) await flush();
      }
    },
    episode: () => undefined,
    close() {
      closing ??= finish();
      return closing;
    },
    files: () => [
      {
        path: file.path,
        format: 'Apache Parquet, one row per face and frame',
        contents: Object.fromEntries(columns.map(({ name, unit }) => [name, unit])),
      },
    ],
  };
}
