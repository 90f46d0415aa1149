import { AffectError } from '../domain/errors.js';
import { type EvalItem, requireEmotion, requireItems } from './items.js';

export interface CsvColumns {
  /** Header of the column with the image's path or name. */
  readonly image: string;
  /** Header of the column with the emotion. */
  readonly label: string;
}

/** One record and the line it begins on, counted from 1. */
interface CsvRow {
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

/**
 * A list of labelled images: a header line, then one image a line; other columns are ignored. Throws USAGE naming the
 * line when a column is missing or a label is no emotion.
 *
 * @param path - only for messages
 */
export function parseCsvList(text: string, path: string, columns: CsvColumns): readonly EvalItem[] {
  const [header, ...rows] = parseRows(text.replace(/^\uFEFF/, ''), path);
  const position = (name: string, option: string): number => {
    const index = (header?.fields ?? []).findIndex((field) => field.trim() === name);
    if (index >= 0) return index;
    throw new AffectError(
      'USAGE',
      `${path}, line 1: no column "${name}" among ${(header?.fields ?? []).join(', ') || 'none'}; name it with ${option}`,
    );
  };
  const imageAt = position(columns.image, '--image-column');
  const labelAt = position(columns.label, '--label-column');
  const items = rows.map(({ line, fields }): EvalItem => {
    const image = fields[imageAt]?.trim();
    if (!image) throw new AffectError('USAGE', `${path}, line ${line}: no image is named`);
    return { image, truth: requireEmotion(fields[labelAt] ?? '', `${path}, line ${line}`), candidates: null };
  });
  return requireItems(items, path);
}
