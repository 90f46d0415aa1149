import { type Command, InvalidArgumentError, Option } from 'commander';
import { addDeviceOption, addPrecisionOption } from '../device-option.js';
import { addExamples } from '../help.js';
import { named } from '../option-values.js';
import type { AuListFlags, GroupFlags } from './still-flags.js';

/** Adds what every measurement of photographs by the product itself is told. */
const withStillOptions = (command: Command): Command =>
  addPrecisionOption(addDeviceOption(command))
    .option('--image-column <name>', 'column with the image’s path or name', 'image')
    .addOption(
      new Option(
        '--images <path>',
        'folder of images, or .npz with images and ids (default: the folder of the list)',
      ).argParser(named),
    )
    .option('-o, --out <folder>', 'where results go', named, 'mien-eval')
    .option('--overwrite', 'replace results that exist');

/** A FACS degree as a number 1..5. */
function degree(text: string): number {
  const value = 'ABCDE'.indexOf(text.toUpperCase()) + 1 || Number(text);
  if (text.length !== 1 || !(value >= 1 && value <= 5)) throw new InvalidArgumentError('expected a degree, A to E.');
  return value;
}

/** Names of columns, between commas. */
function columns(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('expected names of columns, like race,sex,age.');
  if (new Set(names).size < names.length) throw new InvalidArgumentError('a column is named twice.');
  return names;
}

/** `mien eval au-list | groups`: what mien says of photographs, faces found by its own detector. */
export function addStillCommands(evaluation: Command): void {
  const units = evaluation
    .command('au-list')
    .description('measure action units on a list of FACS-coded images')
    .argument('<list>', 'the list, with a header line and columns AU1, AU2 ...')
    .addOption(
      new Option('--subject-column <name>', 'column with the person (default: subject, if there is one)').argParser(
        named,
      ),
    )
    .addOption(
      new Option('--present-from <degree>', 'degree from which on a coded unit counts as present')
        .default(1, 'A')
        .argParser(degree),
    );
  addExamples(withStillOptions(units), [
    ['mien eval au-list coded.csv --images faces/'],
    ['mien eval au-list disfa.csv --present-from B', 'as papers on DISFA count'],
  ]).action(async (list: string, flags: AuListFlags) => {
    const { evalAuList } = await import('./still-run.js');
    await evalAuList(list, flags);
  });

  const groups = evaluation
    .command('groups')
    .description('compare groups of people: faces found, read, emotions and action units')
    .argument('<list>', 'the list, with a header line')
    .requiredOption('--by <columns>', 'columns that name the group, between commas', columns)
    .addOption(
      new Option('--label-column <name>', 'column with the emotion, for accuracy (default: none)').argParser(named),
    );
  addExamples(withStillOptions(groups), [
    ['mien eval groups people.csv --by sex,age', 'no labels are needed'],
    ['mien eval groups people.csv --by skin --label-column emotion'],
  ]).action(async (list: string, flags: GroupFlags) => {
    const { evalGroups } = await import('./still-run.js');
    await evalGroups(list, flags);
  });
}
