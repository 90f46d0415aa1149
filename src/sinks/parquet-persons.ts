import { rename, rm } from 'node:fs/promises';
import { type PeopleFile, personFinder } from '../domain/people.js';
import { microsFromSeconds } from '../domain/units.js';
import { PERSON_COLUMN } from '../record/record-columns.js';
import { type SinkTarget, unwritable } from './output-file.js';
import { copyParquet } from './parquet-copy.js';
import { PART_ENDING } from './person-cells.js';

/**
 * Writes `<base>.parquet` anew with the persons of its faces, whatever it said before. The file changes at once, when all is
 * written. Rejects with OUTPUT_UNWRITABLE; the file is then as it was.
 */
export async function fillParquetPersons({ base, write }: SinkTarget, who: PeopleFile): Promise<void> {
  const personOf = personFinder(who);
  const path = `${base}.parquet`;
  const part = `${base}${PART_ENDING}`;
  try {
    await copyParquet(
      path,
      part,
      (row) => {
        const { track, pts_s: seconds } = row;
        if (typeof track !== 'number') return row;
        return { ...row, [PERSON_COLUMN]: personOf(track, microsFromSeconds(Number(seconds)))?.person ?? null };
      },
      write,
    );
    await rename(`${part}.parquet`, path);
  } catch (error) {
    await rm(`${part}.parquet`, { force: true });
    throw unwritable(path, error);
  }
}
