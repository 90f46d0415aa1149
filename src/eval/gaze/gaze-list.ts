import { type CsvRow, type CsvTable, readTable } from '../../csv/csv-rows.js';
import { AffectError } from '../../domain/errors.js';
import type { GazeAngles } from '../../domain/gaze.js';
import { type AngleUnit, radians } from '../../domain/units.js';

/** One picture, and where its face looks. */
export interface AimedFace {
  readonly image: string;
  /** Who is on it; null when the list does not say. */
  readonly subject: string | null;
  readonly both: GazeAngles;
  /** Of each eye, the subject's; null where the list has none. */
  readonly right: GazeAngles | null;
  readonly left: GazeAngles | null;
  /** Yaw of the head, radians; null when the list does not say. */
  readonly headYaw: number | null;
  /** Group in each division, in their order; null where the list leaves it empty. */
  readonly groups: readonly (string | null)[];
}

export interface GazeColumns {
  readonly image: string;
  /** Null: the column "subject" if there is one. */
  readonly subject: string | null;
  /** Columns that divide the pictures, as light or glasses. */
  readonly by: readonly string[];
  /** What the list's angles are in. */
  readonly unit: AngleUnit;
}

/** Nothing looks, and no head turns, farther aside than this and is still a face, degrees. */
const FARTHEST_DEGREES = 90;
const DEGREE = Math.PI / 180;

/**
 * A list of pictures whose gaze is known: a header line, then one picture a line, with columns gaze_yaw and gaze_pitch, perhaps
 * right_yaw, right_pitch, left_yaw, left_pitch and head_yaw. Throws USAGE naming the line when a column is missing or an angle is
 * none.
 *
 * @param path - only for messages
 */
export function parseGazeList(text: string, path: string, columns: GazeColumns): readonly AimedFace[] {
  const table = readTable(text, path);
  const imageAt = table.position(columns.image, '--image-column');
  const subjectAt =
    columns.subject === null ? table.header.indexOf('subject') : table.position(columns.subject, '--subject-column');
  const divisions = columns.by.map((name) => table.position(name, '--by'));
  const read = anglesOf(table, path, columns.unit);
  if (table.rows.length === 0) throw new AffectError('USAGE', `${path} lists no images; there is nothing to measure`);
  return table.rows.map((row): AimedFace => {
    const image = row.fields[imageAt]?.trim();
    if (!image) throw new AffectError('USAGE', `${path}, line ${row.line}: no image is named`);
    const both = read.pair(row, 'gaze');
    if (!both)
      throw new AffectError(
        'USAGE',
        `${path}, line ${row.line}: no gaze_yaw and gaze_pitch; leave out pictures whose gaze is not known`,
      );
    return {
      image,
      subject: row.fields[subjectAt]?.trim() || null,
      both,
      right: read.pair(row, 'right'),
      left: read.pair(row, 'left'),
      headYaw: read.one(row, 'head_yaw'),
      groups: divisions.map((at) => row.fields[at]?.trim() || null),
    };
  });
}

/** Reads angles of rows, radians; null where a column or its value is not there. */
function anglesOf(table: CsvTable, path: string, unit: AngleUnit) {
  const { header } = table;
  for (const name of ['gaze_yaw', 'gaze_pitch'])
    if (!header.includes(name))
      throw new AffectError(
        'USAGE',
        `${path}, line 1: no column ${name} among ${header.join(', ') || 'none'}; name the true angles gaze_yaw and gaze_pitch`,
      );
  const scale = unit === 'degrees' ? DEGREE : 1;
  const one = ({ line, fields }: CsvRow, name: string): number | null => {
    const text = fields[header.indexOf(name)]?.trim() ?? '';
    if (text === '') return null;
    const angle = Number(text) * scale;
    if (Math.abs(angle) <= FARTHEST_DEGREES * DEGREE) return angle;
    const hint = unit === 'degrees' ? 'degrees from -90 to 90, or choose --unit radians' : 'radians from -1.57 to 1.57';
    throw new AffectError('USAGE', `${path}, line ${line}: ${name} is "${text}"; write ${hint}`);
  };
  const pair = (row: CsvRow, name: 'gaze' | 'right' | 'left'): GazeAngles | null => {
    const [yaw, pitch] = [one(row, `${name}_yaw`), one(row, `${name}_pitch`)];
    return yaw === null || pitch === null ? null : { yaw: radians(yaw), pitch: radians(pitch) };
  };
  return { one, pair };
}
