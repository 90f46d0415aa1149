import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { FaceRecord } from '../domain/records.js';
import type { FileSink } from './file-sink.js';
import { unwritable } from './line-file.js';
import { RECORD_COLUMNS, type RecordColumn } from './record-columns.js';

/** Rows per group: bounds memory, and is what a reader loads at once. */
const ROW_GROUP = 2000;

const TYPES = {
  double: { type: 'DOUBLE' },
  int: { type: 'INT32' },
  boolean: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const;

const schema = [
  { name: 'records', num_children: RECORD_COLUMNS.length },
  ...RECORD_COLUMNS.map(({ name, type }: RecordColumn) => ({
    name,
    repetition_type: 'OPTIONAL' as const,
    ...TYPES[type],
  })),
];

/** `<base>.parquet`: the columns of the CSV with types and nulls, in row groups of bounded size. */
export async function createParquetSink(base: string): Promise<FileSink> {
  const path = `${base}.parquet`;
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw unwritable(path, error);
    }
  };
  const file = attempt(() => fileWriter(path));
  const writer = new ParquetWriter({ writer: file, schema, createdBy: 'mien' });
  let rows: FaceRecord[] = [];
  let failed = false;
  const flush = (): void => {
    if (rows.length === 0) return;
    const columnData = RECORD_COLUMNS.map(({ name, value }) => ({ name, data: rows.map(value) }));
    rows = [];
    try {
      attempt(() => writer.write({ columnData, rowGroupSize: ROW_GROUP }));
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  return {
    name: 'parquet',
    records(batch) {
      rows.push(...batch);
      if (rows.length >= ROW_GROUP) flush();
    },
    episode: () => undefined,
    async close() {
      if (failed) return;
      flush();
      attempt(() => writer.finish());
    },
    files: () => [
      {
        path,
        format: 'Apache Parquet, one row per face and frame',
        contents: Object.fromEntries(RECORD_COLUMNS.map(({ name, unit }) => [name, unit])),
      },
    ],
  };
}
