import { agreeInFolder } from '../annotations/agree-in-folder.js';
import { agreementText } from '../annotations/agreement-table.js';
import { importEaf } from '../annotations/import-eaf.js';
import { checkedRater } from '../annotations/rater-file.js';
import { counted } from '../domain/counted.js';
import type { AgreeFlags, ImportFlags } from './annotations-flags.js';

/** Runs `mien annotations import`. Rejects with what reading and writing reject with. */
export async function importAnnotations(
  file: string,
  { results, rater, overwrite = false, json, quiet }: ImportFlags,
  write: (text: string) => void,
): Promise<void> {
  const { path, counts, leftOut } = await importEaf(file, { folder: results, rater: checkedRater(rater), overwrite });
  if (json) return write(`${JSON.stringify({ type: 'imported', path, ...counts, leftOut })}\n`);
  if (quiet) return;
  const words = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
  write(`${rater}: ${words.join(', ')}\n  in ${path}\n`);
  if (leftOut.length > 0) write(`  ${counted(leftOut.length, 'tier')} left alone: ${leftOut.join(', ')}\n`);
}

/** Runs `mien annotations agree`. Rejects with what reading and writing reject with. */
export async function agreeOnAnnotations(
  folder: string,
  { out, json, quiet }: AgreeFlags,
  write: (text: string) => void,
): Promise<void> {
  const { rows, videos, raters, path } = await agreeInFolder(folder, out);
  if (json) {
    for (const row of rows) write(`${JSON.stringify({ type: 'agreement', ...row })}\n`);
    return write(`${JSON.stringify({ type: 'end', videos, raters, path })}\n`);
  }
  if (quiet) return;
  write(
    `${agreementText(rows)}\n${counted(videos, 'video')}, ${counted(raters.length, 'rater')}: ${raters.join(', ')}\n  table: ${path}\n`,
  );
}
