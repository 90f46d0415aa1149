import { AffectError } from '../domain/errors.js';

/** One record and the line it begins on, counted from 1. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Longest record that is read: a quote that is never closed would else gather the whole file. */
const MAX_ROW_CHARS = 4 * 1024 * 1024;
/** What is not simply a part of a field without quotes. */
const SPECIAL = /[",\r\n]/g;

/**
 * RFC 4180, a piece of text at a time: commas, quoted fields with doubled quotes, lines ended by LF or CRLF. Empty lines are
 * left out.
 */
export class CsvParser {
  #fields: string[] = [];
  #field = '';
  #quoted = false;
  /** A quote inside a quoted field: it ends the field, unless another one follows. */
  #quote = false;
  /** A carriage return that belongs to the field, unless a line feed follows. */
  #return = false;
  #line = 1;
  #startLine = 1;
  #chars = 0;

  /** @param path - only for messages */
  constructor(private readonly path: string) {}

  /** The records that this piece completes. Throws USAGE naming the line of a record that is too long. */
  push(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    for (let at = 0; at < text.length; at++) {
      at = this.#run(text, at);
      if (at < text.length) this.#take(text[at]!, rows);
      if (this.#chars > MAX_ROW_CHARS) throw this.#problem(`a record is longer than ${MAX_ROW_CHARS} characters`);
    }
    return rows;
  }

  /** Takes what is nothing but a part of the field; where it ends. */
  #run(text: string, start: number): number {
    if (this.#quote || this.#return) return start;
    let end = start;
    if (this.#quoted) {
      end = text.indexOf('"', start);
      if (end < 0) end = text.length;
      for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) this.#line += 1;
    } else {
      SPECIAL.lastIndex = start;
      end = SPECIAL.exec(text)?.index ?? text.length;
    }
    this.#field += text.slice(start, end);
    this.#chars += end - start;
    return end;
  }

  /** What is left when the text ends. Throws USAGE naming the line of a quoted field that is never closed. */
  end(): CsvRow[] {
    const rows: CsvRow[] = [];
    if (this.#quote) this.#quoted = false;
    if (this.#quoted) throw this.#problem('a quoted field is never closed');
    if (this.#return) this.#field += '\r';
    if (this.#field !== '' || this.#fields.length > 0) this.#endRow(rows);
    return rows;
  }

  #take(char: string, rows: CsvRow[]): void {
    if (char === '\n') this.#line += 1;
    if (this.#quote) {
      this.#quote = false;
      if (char === '"') {
        this.#field += char;
        return;
      }
      this.#quoted = false;
    }
    if (this.#quoted) {
      if (char === '"') this.#quote = true;
      else this.#field += char;
    } else this.#takePlain(char, rows);
  }

  #takePlain(char: string, rows: CsvRow[]): void {
    if (this.#return) {
      this.#return = false;
      if (char !== '\n') this.#field += '\r';
    }
    if (char === '"' && this.#field === '') this.#quoted = true;
    else if (char === ',') {
      this.#fields.push(this.#field);
      this.#field = '';
    } else if (char === '\n') this.#endRow(rows);
    else if (char === '\r') this.#return = true;
    else this.#field += char;
  }

  #endRow(rows: CsvRow[]): void {
    this.#fields.push(this.#field);
    const fields = this.#fields;
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: this.#startLine, fields });
    this.#fields = [];
    this.#field = '';
    this.#chars = 0;
    this.#startLine = this.#line;
  }

  #problem(why: string): AffectError {
    return new AffectError('USAGE', `${this.path}, line ${this.#startLine}: ${why}`);
  }
}

/** The header line of a list. */
export interface CsvHeader {
  /** Names of the columns. */
  readonly header: readonly string[];
  /** Position of a column. Throws USAGE that names the option by which another one is chosen. */
  position(name: string, option: string): number;
}

/** A list with a header line. */
export interface CsvTable extends CsvHeader {
  readonly rows: readonly CsvRow[];
}

/** The columns that a list's first record names. `path` is only for messages. */
export function csvHeader(first: CsvRow | undefined, path: string): CsvHeader {
  const header = (first?.fields ?? []).map((field) => field.trim());
  return {
    header,
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

/** Reads a list with a header line. Throws USAGE naming the line when a quoted field is never closed. `path` is only for messages. */
export function readTable(text: string, path: string): CsvTable {
  const parser = new CsvParser(path);
  const [first, ...rows] = [...parser.push(text.replace(/^\uFEFF/, '')), ...parser.end()];
  return { ...csvHeader(first, path), rows };
}
