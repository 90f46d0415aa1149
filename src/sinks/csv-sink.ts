import type { FaceRecord } from '../domain/records.js';
import { csvField } from '../record/number-text.js';
import {
  PERSON_COLUMN,
  RECORD_COLUMNS,
  type RecordColumn,
  type TableOptions,
  tableColumns,
} from '../record/record-columns.js';
import type { FileSink } from './file-sink.js';
import { openLineFile } from './line-file.js';
import type { SinkTarget } from './output-file.js';
import type { PersonColumn } from './person-cells.js';

/** Where the table tells the person. */
export const CSV_PERSONS: PersonColumn = {
  name: PERSON_COLUMN,
  frame: 'frame',
  firstFrame: 0,
  seconds: 'pts_s',
  cell: (person) => (person === null ? '' : String(person.person)),
};

/** A record as a CSV row without its line end: empty where a value is missing. */
export function csvRow(record: FaceRecord, columns: readonly RecordColumn[] = RECORD_COLUMNS): string {
  let row = '';
  for (let index = 0; index < columns.length; index++) {
    const value = columns[index]!.value(record);
    if (index > 0) row += ',';
    if (value !== null) row += typeof value === 'string' ? csvField(value) : value;
  }
  return row;
}

/** `<base>.csv`: one row per record, columns with their units in the name (RFC 4180 with \n, UTF-8, dot decimals). */
export async function createCsvSink(
  target: SinkTarget,
  options: TableOptions = { actionUnits: [] },
): Promise<FileSink> {
  const columns = tableColumns(options);
  const file = await openLineFile(target, '.csv');
  file.write(`${columns.map((column) => column.name).join(',')}\n`);
  return {
    name: 'csv',
    records(batch) {
      let lines = '';
      for (const record of batch) lines += `${csvRow(record, columns)}\n`;
      return file.write(lines);
    },
    episode: () => undefined,
    flush: () => file.flush(),
    close: () => file.close(),
    files: () => [
      {
        path: file.path,
        format: 'CSV, one row per face and frame',
        contents: Object.fromEntries(columns.map(({ name, unit }) => [name, unit])),
      },
    ],
  };
}
