import { type Command, InvalidArgumentError, Option } from 'commander';
import { AU_SETS, UNIT_CHOICES } from '../../eval/units/au-sets.js';
import { addDeviceOption } from '../device-option.js';
import { addExamples } from '../help.js';
import { named } from '../option-values.js';
import type { AuListFlags, AuSetFlags, GroupFlags } from './still-flags.js';

/** Adds what every measurement of photographs by the product itself is told. */
const withStillOptions = (command: Command): Command =>
  withOutputOptions(command).option('--image-column <name>', 'column with the image’s path or name', 'image');

const withOutputOptions = (command: Command): Command =>
  addDeviceOption(command)
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

/** A share of frames, above 0 and at most 1. */
function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('expected a share, like 0.02.');
  return value;
}

/** Names of columns, between commas. */
function columns(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('expected names of columns, like race,sex,age.');
  if (new Set(names).size < names.length) throw new InvalidArgumentError('a column is named twice.');
  return names;
}

/** `mien eval au-list | au | groups`: what mien says of photographs, faces found by its own detector. */
export function addStillCommands(evaluation: Command): void {
  addUnitLists(evaluation);
  addUnitSets(evaluation);
  addGroups(evaluation);
}

function addUnitLists(evaluation: Command): void {
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
}

function addUnitSets(evaluation: Command): void {
  const sets = evaluation
    .command('au')
    .description('measure action units on DISFA, BP4D, GFT or EmotioNet, as the papers do')
    .argument('<labels>', 'the folder of the labels, or the list')
    .addOption(new Option('--set <name>', 'which data set').choices(AU_SETS).makeOptionMandatory())
    .addOption(
      new Option('--units <which>', 'the units of the papers, or those shared with FEABench')
        .choices(UNIT_CHOICES)
        .default('paper'),
    )
    .addOption(new Option('--sample <share>', 'share of each recording’s frames, evenly spread').argParser(share))
    .addOption(
      new Option('--frame-image <pattern>', 'name of a frame’s image, like {subject}/{frame:5}.jpg').argParser(named),
    );
  addExamples(withOutputOptions(sets), [
    ['mien eval au DISFA/ --set disfa --images DISFA/frames'],
    ['mien eval au BP4D/ --set bp4d --units shared --sample 0.02', 'zero-shot, as FEALLM measures'],
  ]).action(async (labels: string, flags: AuSetFlags) => {
    const { evalAu } = await import('./still-run.js');
    await evalAu(labels, flags);
  });
}

function addGroups(evaluation: Command): void {
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
