import { type CsvHeader, type CsvRow, readTable } from '../../csv/csv-rows.js';
import { AffectError } from '../../domain/errors.js';

/** One picture that FACS coders judged. */
export interface CodedFace {
  readonly image: string;
  /** Who is on it; null when the list does not say. */
  readonly subject: string | null;
  /** Degree 0..5 (0 absent, A..E as 1..5) of each FACS number that was coded; of a list of presence 0 or 1. */
  readonly codes: ReadonlyMap<string, number>;
}

export interface CodedList {
  readonly faces: readonly CodedFace[];
  /** FACS numbers of the columns, rising. */
  readonly units: readonly string[];
  /** Whether any code tells a degree; else all are present or absent. */
  readonly hasDegrees: boolean;
}

export interface CodedColumns {
  readonly image: string;
  /** Null: the column "subject" if there is one. */
  readonly subject: string | null;
}

/** "AU1", "AU01", "au 1". */
const UNIT_COLUMN = /^AU[ _]?0?([1-9]\d?)$/i;
const DEGREES = 'ABCDE';
const NOT_CODED = ['', '9'];

/**
 * A list of FACS-coded pictures: a header line, then one picture a line; a column AU1, AU2 ... for each unit, holding 0 or 1, or
 * a degree 0..5 or A..E, nothing or 9 where it was not coded. Throws USAGE naming the line when a column is missing or a code
 * is none of these.
 *
 * @param path - only for messages
 */
export function parseCodedList(text: string, path: string, columns: CodedColumns): CodedList {
  const table = readTable(text, path);
  const units = unitColumns(table, path);
  const imageAt = table.position(columns.image, '--image-column');
  const subjectAt =
    columns.subject === null ? table.header.indexOf('subject') : table.position(columns.subject, '--subject-column');
  const faces = table.rows.map((row): CodedFace => {
    const image = row.fields[imageAt]?.trim();
    if (!image) throw new AffectError('USAGE', `${path}, line ${row.line}: no image is named`);
    return { image, subject: row.fields[subjectAt]?.trim() || null, codes: codesOf(row, units, path) };
  });
  if (!faces.some(({ codes }) => codes.size > 0))
    throw new AffectError('USAGE', `${path} lists no coded images; there is nothing to measure`);
  const hasDegrees = faces.some(({ codes }) => [...codes.values()].some((degree) => degree !== 0 && degree !== 1));
  return { faces, units: [...units.keys()].sort((a, b) => Number(a) - Number(b)), hasDegrees };
}

/** Position of each unit's column. Throws USAGE where there is none, or a column that only looks like one. */
export function unitColumns({ header }: CsvHeader, path: string): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const [index, name] of header.entries()) {
    if (!/^AU[ _]?\d/i.test(name)) continue;
    const unit = UNIT_COLUMN.exec(name)?.[1];
    const fix = 'call columns AU1, AU2 ...; sides are not measured apart';
    if (unit === undefined) throw new AffectError('USAGE', `${path}, line 1: "${name}" is no action unit; ${fix}`);
    if (units.has(unit)) throw new AffectError('USAGE', `${path}, line 1: two columns for AU${unit}; remove one`);
    units.set(unit, index);
  }
  if (units.size === 0)
    throw new AffectError(
      'USAGE',
      `${path}, line 1: no column AU1, AU2 ... among ${header.join(', ') || 'none'}; name the coded units so`,
    );
  return units;
}

/** What a row says of the units that are coded. Throws USAGE naming the line. */
export function codesOf(
  { fields, line }: CsvRow,
  units: ReadonlyMap<string, number>,
  path: string,
): Map<string, number> {
  const codes = new Map<string, number>();
  for (const [unit, index] of units) {
    const text = fields[index]?.trim() ?? '';
    if (NOT_CODED.includes(text)) continue;
    const letter = text.length === 1 ? DEGREES.indexOf(text.toUpperCase()) : -1;
    const degree = letter >= 0 ? letter + 1 : Number(text);
    if (!(degree >= 0 && degree <= 5))
      throw new AffectError(
        'USAGE',
        `${path}, line ${line}: AU${unit} is "${text}"; write 0 or 1, a degree 0 to 5 or A to E, or nothing where it was not coded`,
      );
    codes.set(unit, degree);
  }
  return codes;
}
