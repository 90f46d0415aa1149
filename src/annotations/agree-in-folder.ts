import { join } from 'node:path';
import { AffectError } from '../domain/errors.js';
import { writeWhole } from '../holding/write-whole.js';
import { type AgreementRow, agreementCsv, agreementRows } from './agreement-table.js';
import { comparisonsOf, judgesOf, type NamedComparison } from './compare.js';
import { raterPath, readAnnotations } from './rater-file.js';
import { findResults, readResults } from './results.js';

/** Agreement on all results of a folder. */
export interface FolderAgreement {
  readonly rows: readonly AgreementRow[];
  readonly videos: number;
  readonly raters: readonly string[];
  /** The table. */
  readonly path: string;
}

/**
 * Compares mien and all raters of a folder's results, and writes `agreement.csv` there, or to `out`. Rejects with INPUT_NOT_FOUND
 * when nobody annotated anything, and with OUTPUT_UNWRITABLE.
 */
export async function agreeInFolder(folder: string, out?: string): Promise<FolderAgreement> {
  const comparisons: NamedComparison[] = [];
  const raters = new Set<string>();
  let videos = 0;
  for (const base of await findResults(folder)) {
    const results = await readResults(base);
    if (results.raters.length === 0) continue;
    videos += 1;
    const ratings = new Map<string, Awaited<ReturnType<typeof readAnnotations>>>();
    for (const rater of results.raters) {
      raters.add(rater);
      ratings.set(rater, await readAnnotations(raterPath(base, rater)));
    }
    comparisons.push(...comparisonsOf(results, judgesOf(results, ratings)));
  }
  if (videos === 0)
    throw new AffectError(
      'INPUT_NOT_FOUND',
      `${folder} has no annotations; make some with mien review, or import an ELAN file`,
    );
  const path = out ?? join(folder, 'agreement.csv');
  const rows = agreementRows(comparisons);
  try {
    await writeWhole(path, agreementCsv(rows), 0o666);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path} (${code}); choose another --out`, { cause });
  }
  return { rows, videos, raters: [...raters].sort(), path };
}
