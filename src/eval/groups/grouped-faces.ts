import { readTable } from '../../csv/csv-rows.js';
import { AffectError } from '../../domain/errors.js';
import { requireEmotion } from '../items.js';

/** One picture, the groups it is of, and perhaps its emotion. */
export interface GroupedFace {
  readonly image: string;
  /** Group in each division, in their order; null where the list leaves it empty. */
  readonly groups: readonly (string | null)[];
  /** Index in EMOTIONS; null without labels. */
  readonly truth: number | null;
}

export interface GroupColumns {
  readonly image: string;
  /** Divisions of the people: a column, or some joined by "+". */
  readonly by: readonly string[];
  /** Null: no labels. */
  readonly label: string | null;
}

/**
 * A list of pictures of people in groups: a header line, then one picture a line. Throws USAGE naming the line when a column is
 * missing, or a label is no emotion.
 *
 * @param path - only for messages
 */
export function parseGroupedList(text: string, path: string, columns: GroupColumns): readonly GroupedFace[] {
  const { rows, position } = readTable(text, path);
  const imageAt = position(columns.image, '--image-column');
  const labelAt = columns.label === null ? null : position(columns.label, '--label-column');
  const divisions = columns.by.map((names) => names.split('+').map((name) => position(name.trim(), '--by')));
  if (rows.length === 0) throw new AffectError('USAGE', `${path} lists no images; there is nothing to measure`);
  return rows.map(({ line, fields }): GroupedFace => {
    const image = fields[imageAt]?.trim();
    if (!image) throw new AffectError('USAGE', `${path}, line ${line}: no image is named`);
    const groups = divisions.map((places) => {
      const values = places.map((at) => fields[at]?.trim() ?? '');
      return values.includes('') ? null : values.join(', ');
    });
    const truth = labelAt === null ? null : requireEmotion(fields[labelAt] ?? '', `${path}, line ${line}`);
    return { image, groups, truth };
  });
}
