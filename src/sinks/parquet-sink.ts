import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { FaceRecord } from '../domain/records.js';
import type { FileSink } from './file-sink.js';
import { type OutputFile, openOutputFile, type SinkTarget } from './output-file.js';
import { RECORD_COLUMNS, type RecordColumn } from './record-columns.js';

/** Rows held before they are written as one group: bounds memory, and is what a reader loads at once. */
export const ROW_GROUP = 4096;

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

/** Values of the rows that wait for their group, by column: records and their meshes are not held. */
class RowGroup {
  readonly #columns = RECORD_COLUMNS.map((): (number | string | boolean | null)[] => []);
  rows = 0;

  add(record: FaceRecord): void {
    for (let index = 0; index < RECORD_COLUMNS.length; index++) {
      this.#columns[index]!.push(RECORD_COLUMNS[index]!.value(record));
    }
    this.rows++;
  }

  /** The columns, emptied here. */
  take() {
    this.rows = 0;
    return RECORD_COLUMNS.map(({ name }, index) => ({
      name,
      data: this.#columns[index]!.splice(0),
      offsetIndex: false,
    }));
  }
}

/** Row groups encoded in memory and appended one by one; what failed to reach the file is left out of its footer. */
class GroupedFile {
  readonly #bytes = new ByteWriter();
  readonly #writer = new ParquetWriter({ writer: this.#bytes, schema, createdBy: 'mien' });
  readonly #file: OutputFile;

  constructor(file: OutputFile) {
    this.#file = file;
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
export async function createParquetSink(target: SinkTarget): Promise<FileSink> {
  const file = await openOutputFile(target, '.parquet');
  const grouped = new GroupedFile(file);
  const group = new RowGroup();
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
        contents: Object.fromEntries(RECORD_COLUMNS.map(({ name, unit }) => [name, unit])),
      },
    ],
  };
}
