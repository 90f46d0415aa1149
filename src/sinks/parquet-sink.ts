import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { FaceRecord } from '../domain/records.js';
import { type RecordColumn, recordColumns } from '../record/record-columns.js';
import type { FileSink } from './file-sink.js';
import { type OutputFile, openOutputFile, type SinkTarget } from './output-file.js';

/** Rows held before they are written as one group: bounds memory, and is what a reader loads at once. */
export const ROW_GROUP = 4096;

const TYPES = {
  double: { type: 'DOUBLE' },
  int: { type: 'INT32' },
  boolean: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const;

const schemaOf = (columns: readonly RecordColumn[]) => [
  { name: 'records', num_children: columns.length },
  ...columns.map(({ name, type }) => ({
    name,
    repetition_type: 'OPTIONAL' as const,
    ...TYPES[type],
  })),
];

/** Values of the rows that wait for their group, by column: records and their meshes are not held. */
class RowGroup {
  readonly #columns: readonly RecordColumn[];
  readonly #values: readonly (number | string | boolean | null)[][];
  rows = 0;

  constructor(columns: readonly RecordColumn[]) {
    this.#columns = columns;
    this.#values = columns.map(() => []);
  }

  add(record: FaceRecord): void {
    for (let index = 0; index < this.#columns.length; index++) {
      this.#values[index]!.push(this.#columns[index]!.value(record));
    }
    this.rows++;
  }

  /** The columns, emptied here. */
  take() {
    this.rows = 0;
    return this.#columns.map(({ name }, index) => ({
      name,
      data: this.#values[index]!.splice(0),
      offsetIndex: false,
    }));
  }
}

/** Row groups encoded in memory and appended one by one; what failed to reach the file is left out of its footer. */
class GroupedFile {
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  readonly #file: OutputFile;

  constructor(file: OutputFile, columns: readonly RecordColumn[]) {
    this.#file = file;
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema: schemaOf(columns), createdBy: 'mien' });
  }

  async write(group: RowGroup): Promise<void> {
    const { row_groups: groups, num_rows: rows } = this.#writer;
    const written = { groups: groups.length, rows, offset: this.#bytes.offset - this.#bytes.index };
    await this.#writer.write({ columnData: group.take(), rowGroupSize: ROW_GROUP });
    try {
      await this.#append();
    } catch (error) {
      groups.length = written.groups;
      this.#writer.num_rows = written.rows;
      this.#bytes.offset = written.offset;
      this.#bytes.index = 0;
      // The first group carries the magic number before it.
      if (written.offset === 0) this.#bytes.appendUint32(0x31524150);
      throw error;
    }
    // Without page indexes, nothing of a written group is needed again but its footer entry.
    this.#writer.pendingIndexes.length = 0;
  }

  async finish(): Promise<void> {
    this.#writer.pendingIndexes.length = 0;
    await this.#writer.finish();
    await this.#append();
  }

  async #append(): Promise<void> {
    await this.#file.append(this.#bytes.getBytes(), () => 0);
    this.#bytes.index = 0;
  }
}

/**
 * `<base>.parquet`: the columns of the CSV with types and nulls, in row groups of bounded size, Snappy. Nothing can read
 * it before close() wrote its footer. On a full disk close() still tries to write the footer for the groups before.
 */
export async function createParquetSink(
  target: SinkTarget,
  options: { readonly actionUnits: readonly string[] } = { actionUnits: [] },
): Promise<FileSink> {
  const columns = recordColumns(options.actionUnits);
  const file = await openOutputFile(target, '.parquet');
  const grouped = new GroupedFile(file, columns);
  const group = new RowGroup(columns);
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
