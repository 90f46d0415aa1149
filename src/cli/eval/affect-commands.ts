import { type Command, Option } from 'commander';
import { AffectError } from '../../domain/errors.js';
import { DEFAULT_MODEL, MODEL_SIZES } from '../../domain/model-size.js';
import { SPLITS } from '../../eval/ferplus.js';
import { addDeviceOption } from '../device-option.js';
import { addExamples } from '../help.js';
import { named } from '../option-values.js';
import type { CsvFlags, FerbenchFlags, NpzFlags } from './affect-flags.js';
import { formerOption } from './former-option.js';

/** Adds what every measurement of an affect model is told. */
const withAffectOptions = (command: Command): Command =>
  addDeviceOption(command)
    .addOption(
      new Option(
        '--model <name>',
        `${MODEL_SIZES.join(' or ')}, which ship with mien, or a folder with manifest.json and weights`,
      )
        .default(DEFAULT_MODEL)
        .argParser(named),
    )
    .option('--flip', 'also read each face mirrored, and average')
    .option('--align', 'find and align the face of each image, which else is an aligned crop')
    .addOption(
      new Option('--robustness', 'also measure on degraded images, which are aligned crops').conflicts('align'),
    )
    .option('-o, --out <folder>', 'where results go', named, 'mien-eval')
    .option('--overwrite', 'replace results that exist');

const imagesOption = (): Option =>
  new Option(
    '--images <path>',
    'folder of images, or .npz with images and ids (default: the folder of the list)',
  ).argParser(named);

/** Questions are measured one set at a time, so a second set is not taken for the first. */
function oneSet(text: string, before: string | undefined): string {
  if (before !== undefined)
    throw new AffectError('USAGE', `--questions ${text}: measure one set at a time; ${before} is named already`);
  return text;
}

/** `mien eval csv | npz | ferbench`: how good an affect model is. */
export function addAffectCommands(evaluation: Command): void {
  const csv = evaluation
    .command('csv')
    .description('measure an affect model on a list of labelled images')
    .argument('<list>', 'the list, with a header line')
    .option('--image-column <name>', 'column with the image’s path or name', 'image')
    .option('--label-column <name>', 'column with the emotion', 'label')
    .addOption(imagesOption());
  addExamples(withAffectOptions(csv), [
    ['mien eval csv list.csv --images faces/', 'crops that are aligned already'],
    ['mien eval csv photos.csv --align --label-column emotion', 'photographs'],
  ]).action(async (list: string, flags: CsvFlags) => {
    const { evalCsv } = await import('./affect-run.js');
    await evalCsv(list, flags);
  });

  const npz = evaluation
    .command('npz')
    .description('measure an affect model on a file with images and the votes of FER+')
    .argument('<file>', '.npz with images, ids, votes and split')
    .addOption(
      new Option('--split <name>', 'which part; test is for the last number only')
        .choices(SPLITS)
        .makeOptionMandatory(),
    );
  addExamples(withAffectOptions(npz), [['mien eval npz ferplus.npz --split valid --robustness']]).action(
    async (file: string, flags: NpzFlags) => {
      const { evalNpz } = await import('./affect-run.js');
      await evalNpz(file, flags);
    },
  );

  const ferbench = evaluation
    .command('ferbench')
    .description('measure an affect model on the questions of FERBench')
    .requiredOption('--questions <file>', 'the questions of one set (JSON); not again', oneSet)
    .addOption(imagesOption());
  for (const name of ['--engine-url', '--engine']) {
    const now = 'a multimodal LLM is asked by mien eval ferbench-mllm with --mllm-url or --mllm-engine';
    ferbench.addOption(formerOption(name, now));
  }
  addExamples(withAffectOptions(ferbench), [
    ['mien eval ferbench --questions ferplus_qa.json --images ferplus.npz'],
  ]).action(async (flags: FerbenchFlags) => {
    const { evalFerbench } = await import('./affect-run.js');
    await evalFerbench(flags);
  });
}
