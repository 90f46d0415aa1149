import type { Command } from 'commander';
import type { AgreeFlags, ImportFlags } from './annotations-flags.js';
import { addExamples } from './help.js';
import { addJsonOption, addQuietOption } from './output-flags.js';

/** `mien annotations import` and `mien annotations agree`. */
export function addAnnotationsCommands(annotations: Command): void {
  const importing = annotations
    .command('import')
    .description(
      'read the ELAN file of a rater who corrected what mien measured; the measured results stay as they are',
    )
    .argument('<file>', 'ELAN file (.eaf) with tiers as mien writes them')
    .requiredOption('--results <folder>', 'results of the video, as mien analyze wrote them')
    .requiredOption('--rater <word>', 'who it was: letters, digits, - and _; a pseudonym will do')
    .option('--overwrite', 'replace what this rater said before');
  addExamples(importing, [['mien annotations import talk-anna.eaf --results mien-out/talk --rater anna']]);
  addJsonOption(importing, 'what was read');
  addQuietOption(importing).action(async (file: string, flags: ImportFlags) => {
    const { importAnnotations } = await import('./annotations-run.js');
    await importAnnotations(file, flags, (text) => process.stdout.write(text));
  });
  const agree = annotations
    .command('agree')
    .description('how well mien and raters agree: kappa, F1, events, times; a table and a summary')
    .argument('<folder>', 'results with annotations: of one video, or of many')
    .option('--out <file>', 'where the table goes (default: agreement.csv in the folder)');
  addExamples(agree, [
    ['mien annotations agree mien-out/talk'],
    ['mien annotations agree results --out agreement.csv'],
  ]);
  addJsonOption(agree, 'each row, then the end');
  addQuietOption(agree).action(async (folder: string, flags: AgreeFlags) => {
    const { agreeOnAnnotations } = await import('./annotations-run.js');
    await agreeOnAnnotations(folder, flags, (text) => process.stdout.write(text));
  });
}
