import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openCsvFile } from '../../csv/csv-file.js';
import { AffectError } from '../../domain/errors.js';
import { safeImagePath } from '../../eval/benchmarks/image-path.js';

const PICTURE = /\.(jpe?g|png|webp|bmp|gif|tiff?)$/i;

/** Pictures below a folder, by their paths in it, in order. */
export async function* picturesIn(folder: string, inside = ''): AsyncGenerator<string> {
  const entries = await readdir(join(folder, inside), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) yield* picturesIn(folder, path);
    else if (PICTURE.test(entry.name)) yield path;
  }
}

/** Pictures that a list names. Throws USAGE naming the line of one that is none or leaves the folder. */
export async function* picturesOf(list: string, column: string): AsyncGenerator<string> {
  const { rows, position } = await openCsvFile(list);
  const at = position(column, '--image-column');
  for await (const { line, fields } of rows) {
    const image = safeImagePath(fields[at]?.trim() ?? '');
    if (image === null)
      throw new AffectError(
        'USAGE',
        `${list}, line ${line}: "${fields[at] ?? ''}" is no picture inside the folder of images`,
      );
    yield image;
  }
}
