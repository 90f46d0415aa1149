import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCsvFile } from '../../../src/csv/csv-file.js';
import { CsvParser, readTable } from '../../../src/csv/csv-rows.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

const TEXT = 'a,b\r\n"x ""y"", z",2\n\n"two\r\nlines",\r\nlast\rword,"q"\n';
const ROWS = [
  { line: 1, fields: ['a', 'b'] },
  { line: 2, fields: ['x "y", z', '2'] },
  { line: 4, fields: ['two\r\nlines', ''] },
  { line: 6, fields: ['last\rword', 'q'] },
];

/** Records of a text that comes in pieces of some length. */
function inPieces(text: string, length: number) {
  const parser = new CsvParser('list.csv');
  const rows = [];
  for (let at = 0; at < text.length; at += length) rows.push(...parser.push(text.slice(at, at + length)));
  return [...rows, ...parser.end()];
}

describe('CsvParser', () => {
  it.each([1, 2, 3, 7, 1000])('gives the same records however the text is cut: pieces of %d', (length) => {
    expect(inPieces(TEXT, length)).toEqual(ROWS);
  });

  it('needs no line end after the last record', () => {
    expect(inPieces('a,b\n1,"2"', 1).at(-1)).toEqual({ line: 2, fields: ['1', '2'] });
  });

  it('names the line of a quoted field that is never closed', () => {
    expect(() => inPieces('a\n1\n"2\n3\n', 2)).toThrow('list.csv, line 3: a quoted field is never closed');
  });

  it('ends at a record that is longer than 4 MiB instead of gathering the file', () => {
    const parser = new CsvParser('list.csv');
    parser.push('a\n"');
    const more = 'x'.repeat(1024 * 1024);
    expect(() => {
      for (let piece = 0; piece < 5; piece++) parser.push(more);
    }).toThrow(/list\.csv, line 2: a record is longer than/);
  });
});

describe('openCsvFile', () => {
  it('reads what readTable reads', async () => {
    const path = join(folder(), 'list.csv');
    writeFileSync(path, `\uFEFF${TEXT}`);
    const file = await openCsvFile(path);
    const rows = [];
    for await (const row of file.rows) rows.push(row);
    const table = readTable(`\uFEFF${TEXT}`, path);
    expect({ header: file.header, rows }).toEqual({ header: table.header, rows: table.rows });
    expect(file.position('b', '--b')).toBe(1);
    expect(() => file.position('c', '--c-column')).toThrow(/no column "c" among a, b; name it with --c-column/);
  });

  it('rejects when there is no file', async () => {
    await expect(openCsvFile(join(folder(), 'none.csv'))).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
  });
});
