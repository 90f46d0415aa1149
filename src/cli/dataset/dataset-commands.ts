import { type Command, InvalidArgumentError, Option } from 'commander';
import { TASKS, type Task } from '../../dataset/exchanges.js';
import { FORMS } from '../../dataset/forms.js';
import { NUMBER_FORMS } from '../../dataset/landmarks/write-landmarks.js';
import { POINT_SETS } from '../../landmarks/landmark-sets.js';
import { addDeviceOption, addPrecisionOption } from '../device-option.js';
import { addExamples } from '../help.js';
import { named, share } from '../option-values.js';
import type { ConvertFlags, LandmarksFlags } from './dataset-flags.js';
import { addAgreement, addDescribe } from './describe-commands.js';
import { withSetOptions } from './set-options.js';

/** Names of tasks, between commas. */
function tasks(text: string): readonly Task[] {
  const names = text.split(',').map((name) => name.trim());
  const found = TASKS.filter((task) => names.includes(task));
  if (found.length < new Set(names).size || found.length === 0)
    throw new InvalidArgumentError(`expected some of ${TASKS.join(',')}.`);
  return found;
}

/** A number of folds, or the word for those that papers share. */
function folds(text: string): number | 'published' {
  if (text === 'published') return text;
  if (!/^\d+$/.test(text) || Number(text) < 2 || Number(text) > 100)
    throw new InvalidArgumentError('expected 2 to 100, or published.');
  return Number(text);
}

/** A share below 1: something must be left to learn from. */
function testShare(text: string): number {
  const value = share(text);
  if (value === 1) throw new InvalidArgumentError('expected a share below 1, like 0.1.');
  return value;
}

/** `mien dataset convert | landmarks | describe | agreement`: what trainers of multimodal LLMs need. */
export function addDatasetCommands(dataset: Command): void {
  dataset.showHelpAfterError('(mien dataset --help lists what can be done)');
  addConvert(dataset);
  addLandmarks(dataset);
  addDescribe(dataset);
  addAgreement(dataset);
  for (const kind of dataset.commands)
    kind.showHelpAfterError(`(mien dataset ${kind.name()} --help lists its options)`);
}

function addConvert(dataset: Command): void {
  const command = dataset
    .command('convert')
    .description('write a labelled data set as questions and answers that a trainer of multimodal LLMs reads')
    .argument('<labels>', 'the folder of the data set, or its list')
    .addOption(new Option('--to <form>', 'what reads the result').choices(FORMS).makeOptionMandatory())
    .addOption(new Option('--task <names>', `what is taught, some of ${TASKS.join(',')}`).argParser(tasks))
    .addOption(
      new Option(
        '--folds <n>',
        'folds by subject, or published: those that papers share (default: the set’s own parts)',
      )
        .argParser(folds)
        .conflicts('testShare'),
    )
    .addOption(new Option('--test-share <share>', 'so much for test, by subject').argParser(testShare))
    .addOption(
      new Option('--apart <what>', 'what no two parts share').choices(['subject', 'picture']).default('subject'),
    )
    .addOption(new Option('--questions <file>', 'wordings of questions (YAML; default: mien’s own)').argParser(named));
  addExamples(withFileOptions(withSetOptions(command)), [
    ['mien dataset convert data/ --from faba-instruct --to llava', 'EmoLA'],
    ['mien dataset convert DISFA/ --from disfa --to llamafactory --images DISFA/frames --folds published'],
    ['mien dataset convert Aff-Wild2/ --from affwild2 --to swift --need all --test-share 0.08'],
    ['mien dataset convert RAF-DB/ --from raf-db --to trl --task choice', 'UniFER’s questions, for GRPO'],
  ]).action(async (labels: string, flags: ConvertFlags) => {
    const { convertDataset } = await import('./convert-run.js');
    await convertDataset(labels, flags);
  });
}

function addLandmarks(dataset: Command): void {
  const command = dataset
    .command('landmarks')
    .description('write the numbers of each face that a facial prior takes, from mien’s own mesh')
    .argument('<images>', 'a list with a header line, or a folder of images')
    .addOption(
      new Option('--points <set>', '106 points, or the mesh turned to the front').choices(POINT_SETS).default('106'),
    )
    .addOption(
      new Option('--as <form>', 'numbers in landmarks.jsonl, or a .npy file for each image')
        .choices(NUMBER_FORMS)
        .default('jsonl'),
    )
    .addOption(new Option('--images <folder>', 'folder of images (default: that of the list)').argParser(named))
    .option('--image-column <name>', 'column with the image’s path or name', 'image')
    .option('-o, --out <folder>', 'where results go', named, 'mien-landmarks')
    .option('--resume', 'go on from landmarks.jsonl in --out')
    .addOption(new Option('--overwrite', 'replace results that exist').conflicts('resume'));
  addExamples(addPrecisionOption(addDeviceOption(command)), [
    ['mien dataset landmarks faces/ --as npy', '212 numbers for each face, as EmoLA takes them'],
    ['mien dataset landmarks list.csv --points mesh --resume'],
  ]).action(async (path: string, flags: LandmarksFlags) => {
    const { writeDatasetLandmarks } = await import('./landmarks-run.js');
    await writeDatasetLandmarks(path, flags);
  });
}

const withFileOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--paths <kind>', 'paths of images in the files (default: relative for llava, else absolute)').choices(
        ['absolute', 'relative'],
      ),
    )
    .addOption(new Option('--name <name>', 'begins the names of files (default: the set)').argParser(named))
    .option('-o, --out <folder>', 'where results go', named, 'mien-dataset')
    .option('--overwrite', 'replace results that exist');
