import { counted } from '../../domain/counted.js';
import { loadStudy } from '../../study/load-study.js';
import { optionsMadeWith } from '../../study/numbers/options-made-with.js';
import { runNumbers } from '../../study/numbers/run-numbers.js';
import { printPdf } from '../../study/report/print-pdf.js';
import type { OutputFlags } from '../output-flags.js';

/** The options of `mien study report`. */
export interface StudyReportFlags extends OutputFlags {
  readonly pdf?: boolean;
}

/**
 * `mien study report`: numbers and the page from the results that there are, with the options they were made with last; with `--pdf` it is printed, too. What cannot
 * be printed leaves the rest written.
 */
export async function tellReport(
  file: string,
  { json, quiet, pdf }: StudyReportFlags,
  write: (line: string) => void,
): Promise<void> {
  const study = await loadStudy(file);
  const { report, rows, sessions, participants, leftOut } = await runNumbers(study, await optionsMadeWith(study));
  const counts = { sessions, participants, rows };
  const words = Object.entries(counts).map(([noun, count]) => counted(count, noun.slice(0, -1)));
  if (json) write(JSON.stringify({ type: 'report', report, ...counts, leftOut }));
  else if (!quiet) {
    for (const line of leftOut) write(`note: ${line}`);
    write(`${report}: ${words.join(', ')}`);
  }
  if (!pdf) return;
  const printed = report.replace(/\.html$/, '.pdf');
  await printPdf({ page: report, pdf: printed });
  if (json) write(JSON.stringify({ type: 'pdf', pdf: printed }));
  else if (!quiet) write(printed);
}
