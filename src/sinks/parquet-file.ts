import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { OutputFile } from './output-file.js';

/** Rows held before they are written as one group: bounds memory, and is what a reader loads at once. */
export const ROW_GROUP = 4096;

/** A column, and where its values come from. */
export interface ParquetColumn<Row> {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  readonly value: (row: Row) => number | string | boolean | null;
}

const TYPES = {
  double: { type: 'DOUBLE' },
  int: { type: 'INT32' },
  boolean: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const;

const schemaOf = (columns: readonly ParquetColumn<never>[]) => [
  { name: 'records', num_children: columns.length },
  ...columns.map(({ name, type }) => ({
    name,
    repetition_type: 'OPTIONAL' as const,
    ...TYPES[type],
  })),
];

/** Values of the rows that wait for their group, by column: rows and what hangs on them are not held. */
export class RowGroup<Row> {
  readonly #columns: readonly ParquetColumn<Row>[];
  readonly #values: readonly (number | string | boolean | null)[][];
  rows = 0;

  constructor(columns: readonly ParquetColumn<Row>[]) {
    this.#columns = columns;
    this.#values = columns.map(() => []);
  }

  add(row: Row): void {
    for (let index = 0; index < this.#columns.length; index++) {
      this.#values[index]!.push(this.#columns[index]!.value(row));
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
export class GroupedFile<Row> {
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  readonly #file: OutputFile;

  constructor(file: OutputFile, columns: readonly ParquetColumn<Row>[]) {
    this.#file = file;
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema: schemaOf(columns), createdBy: 'mien' });
  }

  async write(group: RowGroup<Row>): Promise<void> {
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
