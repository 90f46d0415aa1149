import { counted } from '../../domain/counted.js';
import { loadStudy } from '../../study/load-study.js';
import { NUMBER_OPTIONS } from '../../study/numbers/number-options.js';
import { THIN_REASONS, type ThinReason } from '../../study/numbers/number-row.js';
import { runNumbers } from '../../study/numbers/run-numbers.js';
import type { OutputFlags } from '../output-flags.js';

/** Options of `mien study numbers`. */
export interface NumbersFlags extends OutputFlags {
  readonly minSeconds: number;
  readonly minCoverage: number;
  readonly minPersons: number;
}

/** `mien study numbers`: throws CONFIG_INVALID with every problem of the study file, and what `runNumbers` throws. */
export async function tellNumbers(
  file: string,
  { json, quiet, minSeconds, minCoverage, minPersons }: NumbersFlags,
  write: (line: string) => void,
): Promise<void> {
  const study = await loadStudy(file);
  const options = { ...NUMBER_OPTIONS, minSeconds, minCoverage, minPersons };
  const summary = await runNumbers(study, options, (session, at, of) => {
    if (json) write(JSON.stringify({ type: 'session', session, at: at + 1, of }));
    else if (!quiet) write(`${session} (${at + 1} of ${of})`);
  });
  const { rows, sessions, participants, reasons, leftOut, folder } = summary;
  if (json) write(JSON.stringify({ type: 'end', name: study.name, ...summary }));
  if (json || quiet) return;
  for (const note of leftOut) write(`note: ${note}`);
  for (const [reason, count] of Object.entries(reasons))
    write(`${counted(count, 'row')} ${reason}: ${THIN_REASONS[reason as ThinReason]}`);
  const words = [counted(sessions, 'session'), counted(participants, 'participant'), counted(rows, 'row')];
  write(`${words.join(', ')} in ${folder}/numbers.csv and numbers.parquet; codebook.md says what each means`);
}
