import { type CsvRow, readTable } from '../../csv/csv-rows.js';
import { AffectError } from '../../domain/errors.js';
import { FACE_PARTS, type FacePart } from '../../domain/face-parts.js';

/** One picture, and how much of its face is seen. */
export interface CoveredFace {
  readonly image: string;
  /** Who is on it; null when the list does not say. */
  readonly subject: string | null;
  /** Share of each part that is seen, 0..1, of the parts that were judged. */
  readonly visible: ReadonlyMap<FacePart, number>;
  /** Group in each division, in their order; null where the list leaves it empty. */
  readonly groups: readonly (string | null)[];
}

export interface CoverList {
  readonly faces: readonly CoveredFace[];
  /** Parts of the list's columns, in the order of FACE_PARTS. */
  readonly parts: readonly FacePart[];
}

export interface CoverColumns {
  readonly image: string;
  /** Null: the column "subject" if there is one. */
  readonly subject: string | null;
  /** Columns that divide the pictures, as what covers the face. */
  readonly by: readonly string[];
}

/**
 * A list of pictures with what lies before the face: a header line, then one picture a line, with a column for each part judged,
 * named as in FACE_PARTS, that holds the share of it that is seen (0 covered, 1 seen; nothing where it was not judged). Throws
 * USAGE naming the line when a column is missing or a share is none.
 *
 * @param path - only for messages
 */
export function parseCoverList(text: string, path: string, columns: CoverColumns): CoverList {
  const { header, rows, position } = readTable(text, path);
  const imageAt = position(columns.image, '--image-column');
  const subjectAt =
    columns.subject === null ? header.indexOf('subject') : position(columns.subject, '--subject-column');
  const divisions = columns.by.map((name) => position(name, '--by'));
  const parts = FACE_PARTS.filter((part) => header.includes(part));
  if (parts.length === 0)
    throw new AffectError(
      'USAGE',
      `${path}, line 1: no column of ${FACE_PARTS.join(', ')} among ${header.join(', ') || 'none'}; name the judged parts so`,
    );
  const faces = rows.map((row): CoveredFace => {
    const image = row.fields[imageAt]?.trim();
    if (!image) throw new AffectError('USAGE', `${path}, line ${row.line}: no image is named`);
    const visible = new Map(
      parts.flatMap((part) => {
        const share = shareOf(row, { part, at: header.indexOf(part), path });
        return share === null ? [] : [[part, share] as const];
      }),
    );
    const groups = divisions.map((at) => row.fields[at]?.trim() || null);
    return { image, subject: row.fields[subjectAt]?.trim() || null, visible, groups };
  });
  if (!faces.some(({ visible }) => visible.size > 0))
    throw new AffectError('USAGE', `${path} lists no judged images; there is nothing to measure`);
  return { faces, parts };
}

function shareOf(
  { fields, line }: CsvRow,
  { part, at, path }: { readonly part: FacePart; readonly at: number; readonly path: string },
): number | null {
  const text = fields[at]?.trim() ?? '';
  if (text === '') return null;
  const share = Number(text);
  if (share >= 0 && share <= 1) return share;
  throw new AffectError(
    'USAGE',
    `${path}, line ${line}: ${part} is "${text}"; write how much of it is seen, 0 covered to 1 seen, or nothing where it was not judged`,
  );
}
