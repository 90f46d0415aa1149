import { readFile } from 'node:fs/promises';
import { nearest } from '../config/nearest.js';
import { READ_PROBLEMS } from '../config/read-layer.js';
import { readTable } from '../csv/csv-rows.js';
import { AffectError } from '../domain/errors.js';
import type { Findings, Place } from './findings.js';

/** A row of a csv file: what is in a column, or undefined where that is empty or missing. */
export interface ListRow {
  value(column: string): string | undefined;
  placeOf(column: string): Place;
}

/** The rows of a csv file, and its columns. */
export interface List {
  readonly columns: readonly string[];
  readonly rows: readonly ListRow[];
}

/** What a csv file has to have, and may have. */
export interface ListColumns {
  readonly required: readonly string[];
  /** Null: any other column is taken, too. */
  readonly optional: readonly string[] | null;
}

/** The text of a file that a study names; undefined, and a problem there, where it cannot be read. */
export async function readNamed(path: string, at: Place, findings: Findings): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    findings.problem(at, `${path} cannot be read (${READ_PROBLEMS[code] ?? code})`);
    return undefined;
  }
}

/** Reads a list with a header line. What is wrong with it is told at the list; undefined where nothing can be made of it. */
export function readList(
  text: string,
  { path, columns, findings }: { readonly path: string; readonly columns: ListColumns; readonly findings: Findings },
): List | undefined {
  const whole = { where: `${path}:1`, key: 'csv' };
  let table: ReturnType<typeof readTable>;
  try {
    table = readTable(text, path);
  } catch (error) {
    if (!(error instanceof AffectError)) throw error;
    findings.problem(whole, error.message);
    return undefined;
  }
  const { header, rows } = table;
  if (header.length === 1 && header[0]?.includes(';')) {
    findings.problem(whole, 'columns are separated by ";"; save it with commas');
    return undefined;
  }
  const twice = header.filter((name, index) => header.indexOf(name) !== index);
  for (const name of new Set(twice)) findings.problem(whole, `has two columns "${name}"`);
  const missing = columns.required.filter((name) => !header.includes(name));
  for (const name of missing) {
    const meant = nearest(name, header);
    findings.problem(
      whole,
      `has no column "${name}"${meant ? `; is "${meant}" meant?` : `; it has ${header.join(', ')}`}`,
    );
  }
  const { required, optional } = columns;
  for (const name of optional === null ? [] : header)
    if (name !== '' && ![...required, ...(optional ?? [])].includes(name))
      findings.note(whole, `column "${name}" is not read; known: ${[...required, ...(optional ?? [])].join(', ')}`);
  if (missing.length > 0) return undefined;
  return {
    columns: header,
    rows: rows.map(({ line, fields }) => ({
      value: (column) => fields[header.indexOf(column)]?.trim() || undefined,
      placeOf: (column) => ({ where: `${path}:${line}`, key: column }),
    })),
  };
}
