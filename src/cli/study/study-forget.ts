import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../domain/counted.js';
import { type Forgotten, forgetParticipant } from '../../study/forget-participant.js';
import type { Removal } from '../../study/forget-person.js';
import { holdStudy } from '../../study/hold-study.js';
import { loadStudy } from '../../study/load-study.js';
import { optionsMadeWith } from '../../study/numbers/options-made-with.js';
import { makeTables } from './study-tables.js';

export interface ForgetFlags {
  readonly participant: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `mien study forget`: without `--yes` it only tells what would go. */
export async function tellForget(file: string, flags: ForgetFlags, write: (line: string) => void): Promise<void> {
  const { participant, json, yes = false } = flags;
  const study = await loadStudy(file);
  const held = await holdStudy(study, { signal: new AbortController().signal, say: (line) => console.error(line) });
  let forgotten: Forgotten;
  try {
    const hadNumbers = existsSync(join(study.results, 'numbers.json'));
    const options = await optionsMadeWith(study);
    forgotten = await forgetParticipant(study, { participant, dry: !yes });
    if (yes && hadNumbers) await makeTables(study, options, (line) => console.error(line));
  } finally {
    await held.release();
  }
  const { removals, sources } = forgotten;
  if (json) {
    write(JSON.stringify({ type: 'forget', participant, done: yes, removals, sources }));
    return;
  }
  for (const removal of removals) write(removalLine(removal, yes));
  if (removals.length === 0) write(`nothing of ${participant} is in the results`);
  for (const path of sources) write(`stays: ${path}: the video itself; whether it may is for you to decide`);
  write(
    yes
      ? `${participant} is out of the results. Take them out of ${file} and your key file, too; copies and exports elsewhere are not mien's`
      : `nothing was changed; --yes removes it`,
  );
}

const WORDS: Readonly<Record<Removal['what'], readonly [done: string, dry: string]>> = {
  rows: ['removed', 'would remove'],
  whole: ['deleted whole', 'would delete whole'],
  anew: ['written anew', 'would write anew'],
};

/** "removed: v1.csv: 20 rows", "would delete whole: v1.report.html (shows everybody together)" */
function removalLine({ file, what, rows, why }: Removal, done: boolean): string {
  const facts = `${rows === null ? '' : `: ${counted(rows, 'row')}`}${why === null ? '' : ` (${why})`}`;
  return `${WORDS[what][done ? 0 : 1]}: ${file}${facts}`;
}
