import type { Verdict } from '../domain/annotation.js';
import { AffectError } from '../domain/errors.js';
import { readEaf } from '../elan/read-eaf.js';
import { ratingFromEaf } from './from-eaf.js';
import { raterPath, readAnnotations, writeAnnotations } from './rater-file.js';
import { readOnlyResults } from './results.js';

/** What an import did. */
export interface Imported {
  readonly path: string;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Tiers of the file that are not mien's. */
  readonly leftOut: readonly string[];
}

/**
 * Reads a rater's ELAN file and writes `<name>.annotations.<rater>.jsonl` beside the results. Measured results are not touched.
 * Rejects with USAGE that lists all problems of the file, with OUTPUT_EXISTS, and with what reading and writing reject with.
 */
export async function importEaf(
  eafPath: string,
  { folder, rater, overwrite }: { readonly folder: string; readonly rater: string; readonly overwrite: boolean },
): Promise<Imported> {
  const results = await readOnlyResults(folder);
  const path = raterPath(results.base, rater);
  if (!overwrite && (await readAnnotations(path)).length > 0)
    throw new AffectError('OUTPUT_EXISTS', `${path} exists; choose --overwrite or another --rater`);
  const { annotations, problems, leftOut } = ratingFromEaf(await readEaf(eafPath), {
    source: results.run.source,
    rater,
    episodes: results.episodes,
    persons: results.people.people.map(({ person }) => person),
  });
  if (problems.length > 0) throw new AffectError('USAGE', [`${eafPath} cannot be imported:`, ...problems].join('\n  '));
  await writeAnnotations(path, annotations);
  const counts = { accepted: 0, corrected: 0, rejected: 0, added: 0 };
  for (const { verdict } of annotations) counts[verdict] += 1;
  return { path, counts, leftOut };
}
