import type { FaceRecord } from '../domain/records.js';
import type { FileSink } from './file-sink.js';
import { openLineFile } from './line-file.js';
import { csvField } from './number-text.js';
import type { SinkTarget } from './output-file.js';
import { RECORD_COLUMNS } from './record-columns.js';

/** A record as a CSV row without its line end: empty where a value is missing. */
export function csvRow(record: FaceRecord): string {
  let row = '';
  for (let index = 0; index < RECORD_COLUMNS.length; index++) {
    const value = RECORD_COLUMNS[index]!.value(record);
    if (index > 0) row += ',';
    if (value !== null) row += typeof value === 'string' ? csvField(value) : value;
  }
  return row;
}

/** `<base>.csv`: one row per record, columns with their units in the name (RFC 4180 with \n, UTF-8, dot decimals). */
export async function createCsvSink(target: SinkTarget): Promise<FileSink> {
  const file = await openLineFile(target, '.csv');
  file.write(`${RECORD_COLUMNS.map((column) => column.name).join(',')}\n`);
  return {
    name: 'csv',
    records(batch) {
      let lines = '';
      for (const record of batch) lines += `${csvRow(record)}\n`;
      return file.write(lines);
    },
    episode: () => undefined,
    close: () => file.close(),
    files: () => [
      {
        path: file.path,
        format: 'CSV, one row per face and frame',
        contents: Object.fromEntries(RECORD_COLUMNS.map(({ name, unit }) => [name, unit])),
      },
    ],
  };
}
