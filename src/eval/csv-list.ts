import { readTable } from '../csv/csv-rows.js';
import { AffectError } from '../domain/errors.js';
import { type EvalItem, requireEmotion, requireItems } from './items.js';

export interface CsvColumns {
  /** Header of the column with the image's path or name. */
  readonly image: string;
  /** Header of the column with the emotion. */
  readonly label: string;
}

/**
 * A list of labelled images: a header line, then one image a line; other columns are ignored. Throws USAGE naming the
 * line when a column is missing or a label is no emotion.
 *
 * @param path - only for messages
 */
export function parseCsvList(text: string, path: string, columns: CsvColumns): readonly EvalItem[] {
  const { rows, position } = readTable(text, path);
  const imageAt = position(columns.image, '--image-column');
  const labelAt = position(columns.label, '--label-column');
  const items = rows.map(({ line, fields }): EvalItem => {
    const image = fields[imageAt]?.trim();
    if (!image) throw new AffectError('USAGE', `${path}, line ${line}: no image is named`);
    return { image, truth: requireEmotion(fields[labelAt] ?? '', `${path}, line ${line}`), candidates: null };
  });
  return requireItems(items, path);
}
