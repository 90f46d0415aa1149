import { type Command, Option } from 'commander';
import { DECODE_CHOICES } from '../../domain/decoder.js';
import { LANES } from '../../domain/lanes.js';
import { NUMBER_OPTIONS } from '../../study/numbers/number-options.js';
import { addDeviceOption, addPrecisionOption } from '../device-option.js';
import { addExamples } from '../help.js';
import { addLogOptions } from '../log-flags.js';
import { collected, named, number, whole } from '../option-values.js';
import { addJsonOption, addQuietOption, type OutputFlags } from '../output-flags.js';
import type { StudyRunFlags } from './study-flags.js';
import type { ForgetFlags } from './study-forget.js';
import type { NumbersFlags } from './study-numbers.js';
import type { StudyReportFlags } from './study-report.js';

const FILE = 'study file: YAML, or csv with a row a video';
const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** `mien study …`; `setExitCode` receives how `run` ends. */
export function addStudyCommands(study: Command, setExitCode: (code: number) => void): void {
  addRun(study, setExitCode);
  addCheck(study);
  addStatus(study);
  addReport(study);
  addNumbers(study);
  addForget(study);
  addWho(study);
  const schema = study.command('schema').description('print the JSON Schema of a study file, for editors');
  addExamples(schema, [['mien study schema > study.schema.json', 'for the editor']]);
  schema.action(async () => {
    const { studyJsonSchema } = await import('../../study/study-schema.js');
    process.stdout.write(studyJsonSchema());
  });
}

function addRun(study: Command, setExitCode: (code: number) => void): void {
  const run = study
    .command('run')
    .description('analyse what is missing of a study, or has changed')
    .argument('<file>', FILE)
    .option('--jobs <count>', 'videos analysed at once; they share the inference threads', whole(1, 64), 1)
    .option('--only <id>', 'only this session or video (repeatable; default: all)', collected)
    .addOption(
      new Option('--decode <name>', 'hardware that decodes the videos; none and auto: software')
        .choices(DECODE_CHOICES)
        .default('auto'),
    )
    .option('--lanes <count>', 'inference threads (default: one per core, at most 4)', whole(LANES.least, LANES.most));
  addDeviceOption(run);
  addPrecisionOption(run);
  addJsonOption(run, 'each video, then the end');
  addQuietOption(run);
  addExamples(run, [
    ['mien study run study.yaml --jobs 2', 'all of it; again: only what is missing or has changed'],
    ['mien study run study.yaml --only S03 --only v07', 'one session, and one video'],
  ]);
  addLogOptions(run).action(async (file: string, flags: StudyRunFlags) => {
    const { runStudy } = await import('./study-run.js');
    setExitCode(await runStudy(file, flags));
  });
}

function addCheck(study: Command): void {
  const check = study
    .command('check')
    .description('list every problem of a study file and of what it names, or say that there is none')
    .argument('<file>', FILE);
  addExamples(check, [['mien study check study.yaml', 'every problem, with its line']]);
  addJsonOption(check, 'the problems, if any');
  addQuietOption(check).action(async (file: string, flags: OutputFlags) => {
    const { tellCheck } = await import('./study-check.js');
    await tellCheck(file, flags, write);
  });
}

function addStatus(study: Command): void {
  const status = study
    .command('status')
    .description('how each video of a study stands: state, frames, people found against people expected')
    .argument('<file>', FILE);
  addExamples(status, [['mien study status study.yaml', 'a row a video']]);
  addJsonOption(status, 'each video, then the end').action(async (file: string, flags: OutputFlags) => {
    const { tellStatus } = await import('./study-status.js');
    await tellStatus(file, flags, write);
  });
}

function addReport(study: Command): void {
  const report = study
    .command('report')
    .description('make the numbers of a study, and the page that shows them, from its results')
    .argument('<file>', FILE)
    .option('--pdf', 'also print the page to report.pdf; needs Chromium, Chrome or Edge');
  addExamples(report, [['mien study report study.yaml --pdf', 'numbers.csv, report.html and report.pdf']]);
  addJsonOption(report, 'the report, then the PDF');
  addQuietOption(report).action(async (file: string, flags: StudyReportFlags) => {
    const { tellReport } = await import('./study-report.js');
    await tellReport(file, flags, write);
  });
}

function addNumbers(study: Command): void {
  const { minSeconds, minCoverage, minPersons } = NUMBER_OPTIONS;
  const numbers = study
    .command('numbers')
    .description('a table of numbers by person, marker and condition, with intervals and a codebook')
    .argument('<file>', FILE)
    .option(
      '--min-seconds <s>',
      'leave out numbers of less time with readings',
      number((value) => value > 0, 'seconds, more than 0'),
      minSeconds,
    )
    .option(
      '--min-coverage <share>',
      'leave out numbers of a smaller share of their window',
      number((value) => value >= 0 && value <= 1, 'a share from 0 to 1'),
      minCoverage,
    )
    .option('--min-persons <count>', 'leave out groups of fewer persons', whole(2, 1_000_000), minPersons);
  addExamples(numbers, [
    ['mien study numbers study.yaml', 'numbers.csv, numbers.parquet and codebook.md in the results'],
    ['mien study numbers study.yaml --min-coverage 0.8', 'only of windows that were seen almost whole'],
  ]);
  addJsonOption(numbers, 'each session, then the end');
  addQuietOption(numbers).action(async (file: string, flags: NumbersFlags) => {
    const { tellNumbers } = await import('./study-numbers.js');
    await tellNumbers(file, flags, write);
  });
}

function addForget(study: Command): void {
  const forget = study
    .command('forget')
    .description('take a participant out of all results; video files stay. Without --yes: only tell what would go')
    .argument('<file>', FILE)
    .requiredOption('--participant <id>', 'who', named)
    .option('--yes', 'do it', false);
  addExamples(forget, [
    ['mien study forget study.yaml --participant P07', 'what would go'],
    ['mien study forget study.yaml --participant P07 --yes', 'it goes'],
  ]);
  addJsonOption(forget, 'what was removed').action(async (file: string, flags: ForgetFlags) => {
    const { tellForget } = await import('./study-forget.js');
    await tellForget(file, flags, write);
  });
}

function addWho(study: Command): void {
  const who = study
    .command('who')
    .description('who a pseudonym is, or whose pseudonym a name has, by a key file, which is read and never written')
    .argument('<file>', FILE)
    .argument('<word>', 'a pseudonym, or part of a name')
    .requiredOption('--key <key.csv>', 'csv with the columns participant,name; keep it apart from the results', named);
  addExamples(who, [['mien study who study.yaml P07 --key ~/private/key.csv', 'their name']]);
  addJsonOption(who, 'each that fits').action(
    async (file: string, word: string, flags: { readonly key: string; readonly json?: boolean }) => {
      const { tellWho } = await import('./study-who.js');
      await tellWho(file, word, flags, write);
    },
  );
}
