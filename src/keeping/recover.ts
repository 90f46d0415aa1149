import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keptSources } from './kept-files.js';
import { localDay, readName, WRITING } from './kept-names.js';
import { settleFile } from './settle-file.js';

/** What became of files that were being written when mien ended without notice. */
export interface Recovered {
  readonly finished: number;
  /** Empty, or of no use without their end. */
  readonly removed: number;
}

/** Makes whole, or removes, what an earlier run left unfinished. Rejects with what the file system says. */
export async function recover(folder: string): Promise<Recovered> {
  let [finished, removed] = [0, 0];
  for (const source of await keptSources(folder)) {
    const writing = join(folder, source, WRITING);
    for (const name of await readdir(writing).catch(() => [])) {
      const told = readName(name);
      const path = join(writing, name);
      const place = told && join(folder, source, localDay(told.startMs), name);
      const kept =
        told && place ? await settleFile(path, { content: told.content, place }) : await rm(path, { force: true });
      if (kept === true) finished++;
      else removed++;
    }
  }
  return { finished, removed };
}
