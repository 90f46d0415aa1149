import { AffectError } from '../domain/errors.js';

/** One record and the line it begins on, counted from 1. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** RFC 4180: commas, quoted fields with doubled quotes, lines ended by LF or CRLF. Empty lines are left out. */
function parseRows(text: string, path: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let startLine = 1;
  const endRow = (): void => {
    fields.push(field);
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: startLine, fields });
    fields = [];
    field = '';
    startLine = line;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\n') line += 1;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += char;
        at += 1;
      } else quoted = false;
    } else if (char === '"' && field === '') quoted = true;
    else if (char === ',') {
      fields.push(field);
      field = '';
    } else if (char === '\n') endRow();
    else if (char !== '\r' || text[at + 1] !== '\n') field += char;
  }
  if (quoted) throw new AffectError('USAGE', `${path}, line ${startLine}: a quoted field is never closed`);
  if (field !== '' || fields.length > 0) endRow();
  return rows;
}

/** A list with a header line. */
export interface CsvTable {
  /** Names of the columns. */
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
  /** Position of a column. Throws USAGE that names the option by which another one is chosen. */
  position(name: string, option: string): number;
}

/** Reads a list with a header line. Throws USAGE naming the line when a quoted field is never closed. `path` is only for messages. */
export function readTable(text: string, path: string): CsvTable {
  const [first, ...rows] = parseRows(text.replace(/^\uFEFF/, ''), path);
  const header = (first?.fields ?? []).map((field) => field.trim());
  return {
    header,
    rows,
    position(name, option) {
      const index = header.indexOf(name);
      if (index >= 0) return index;
      throw new AffectError(
        'USAGE',
        `${path}, line 1: no column "${name}" among ${header.join(', ') || 'none'}; name it with ${option}`,
      );
    },
  };
}
