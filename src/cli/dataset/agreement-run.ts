import { agreementCsv, agreementText } from '../../dataset/describe/agreement-table.js';
import { reviewAgreement } from '../../dataset/describe/review-agreement.js';
import { readReviews } from '../../dataset/describe/review-sheet.js';
import { AffectError } from '../../domain/errors.js';
import { writeWhole } from '../../sinks/write-whole.js';
import type { AgreementFlags } from './dataset-flags.js';

/** `mien dataset agreement SHEETS`. Rejects with what reading and writing reject with, and USAGE where no text was judged by both. */
export async function agreeOnTexts(
  sheets: readonly string[],
  { out }: AgreementFlags,
  write: (text: string) => void,
): Promise<void> {
  const rows = reviewAgreement(await readReviews(sheets));
  if (rows[0]!.texts === 0)
    throw new AffectError(
      'USAGE',
      `${sheets.join(', ')}: no text has a yes or no from both; fill in reviewer_1 and reviewer_2`,
    );
  if (out !== undefined) await writeWhole(out, agreementCsv(rows));
  write(agreementText(rows));
}
