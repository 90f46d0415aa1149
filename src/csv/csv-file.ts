import { createReadStream } from 'node:fs';
import { AffectError } from '../domain/errors.js';
import { type CsvHeader, CsvParser, type CsvRow, csvHeader } from './csv-rows.js';

/** A list with a header line that is read while it is used: any length, little memory. */
export interface CsvFile extends CsvHeader {
  /** Records after the header, once. */
  readonly rows: AsyncGenerator<CsvRow>;
}

async function* recordsOf(path: string): AsyncGenerator<CsvRow> {
  const parser = new CsvParser(path);
  let first = true;
  try {
    for await (const piece of createReadStream(path, 'utf8') as AsyncIterable<string>) {
      yield* parser.push(first ? piece.replace(/^\uFEFF/, '') : piece);
      first = false;
    }
  } catch (error) {
    if (error instanceof AffectError) throw error;
    throw new AffectError('INPUT_NOT_FOUND', `cannot read ${path}; check the path`, { cause: error });
  }
  yield* parser.end();
}

/** Opens a list and reads its header. Rejects with INPUT_NOT_FOUND; `rows` throws USAGE as `readTable` does. */
export async function openCsvFile(path: string): Promise<CsvFile> {
  const rows = recordsOf(path);
  const first = await rows.next();
  return { ...csvHeader(first.done ? undefined : first.value, path), rows };
}
