import type { FaceRecord } from '../domain/records.js';
import type { FileSink } from './file-sink.js';
import { openLineFile } from './line-file.js';
import { csvField } from './number-text.js';
import { RECORD_COLUMNS } from './record-columns.js';

function cell(value: number | string | boolean | null): string {
  if (value === null) return '';
  return typeof value === 'string' ? csvField(value) : String(value);
}

const row = (record: FaceRecord): string => RECORD_COLUMNS.map((column) => cell(column.value(record))).join(',');

/** `<base>.csv`: one row per record, columns with their units in the name (RFC 4180, UTF-8, dot decimals). */
export async function createCsvSink(base: string): Promise<FileSink> {
  const file = await openLineFile(`${base}.csv`);
  await file.write(`${RECORD_COLUMNS.map((column) => column.name).join(',')}\n`);
  return {
    name: 'csv',
    records(batch) {
      let lines = '';
      for (const record of batch) lines += `${row(record)}\n`;
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
