import { type Command, InvalidArgumentError, Option } from 'commander';
import { ANGLE_UNITS } from '../../domain/units.js';
import { AU_SETS, UNIT_CHOICES } from '../../eval/units/au-sets.js';
import { addDeviceOption, addModelOption, addPrecisionOption } from '../device-option.js';
import { addExamples } from '../help.js';
import { degree, named, share } from '../option-values.js';
import type { AuListFlags, AuSetFlags, CoverFlags, GazeFlags, GroupFlags } from './still-flags.js';

/** Adds what every measurement of photographs by the product itself is told. */
const withStillOptions = (command: Command): Command =>
  withOutputOptions(command).option('--image-column <name>', 'column with the image’s path or name', 'image');

const withOutputOptions = (command: Command): Command =>
  addPrecisionOption(addDeviceOption(command))
    .addOption(
      new Option(
        '--images <path>',
        'folder of images, or .npz with images and ids (default: the folder of the list)',
      ).argParser(named),
    )
    .option('-o, --out <folder>', 'where results go', named, 'mien-eval')
    .option('--overwrite', 'replace results that exist');

const subjectColumn = (): Option =>
  new Option('--subject-column <name>', 'column with the person (default: subject, if there is one)').argParser(named);

const divisions = (): Option =>
  new Option('--by <columns>', 'columns that divide the images, between commas').default([], 'none').argParser(columns);

/** Names of columns, between commas. */
function columns(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('expected names of columns, like race,sex,age.');
  if (new Set(names).size < names.length) throw new InvalidArgumentError('a column is named twice.');
  return names;
}

/** `mien eval au-list | au | gaze | covers | groups`: what mien says of photographs, faces found by its own detector. */
export function addStillCommands(evaluation: Command): void {
  addUnitLists(evaluation);
  addUnitSets(evaluation);
  addGaze(evaluation);
  addCovers(evaluation);
  addGroups(evaluation);
}

function addUnitLists(evaluation: Command): void {
  const units = evaluation
    .command('au-list')
    .description('measure action units on a list of FACS-coded images')
    .argument('<list>', 'the list, with a header line and columns AU1, AU2 ...')
    .addOption(subjectColumn())
    .addOption(
      new Option('--present-from <degree>', 'degree from which on a coded unit counts as present')
        .default(1, 'A')
        .argParser(degree),
    );
  addExamples(addModelOption(withStillOptions(units)), [
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
  addExamples(addModelOption(withOutputOptions(sets)), [
    ['mien eval au DISFA/ --set disfa --images DISFA/frames'],
    ['mien eval au BP4D/ --set bp4d --units shared --sample 0.02', 'zero-shot, as FEALLM measures'],
  ]).action(async (labels: string, flags: AuSetFlags) => {
    const { evalAu } = await import('./still-run.js');
    await evalAu(labels, flags);
  });
}

function addGaze(evaluation: Command): void {
  const gaze = evaluation
    .command('gaze')
    .description('measure where eyes look on images whose gaze is known')
    .argument('<list>', 'the list, with a header line and columns gaze_yaw and gaze_pitch')
    .addOption(new Option('--unit <unit>', 'what the list’s angles are in').choices(ANGLE_UNITS).default('degrees'))
    .addOption(subjectColumn())
    .addOption(divisions());
  addExamples(withStillOptions(gaze), [
    ['mien eval gaze looks.csv --images faces/ --by glasses,light'],
    ['mien eval gaze gaze.csv --unit radians --image-column file --by kind', 'as the renderer writes it'],
  ]).action(async (list: string, flags: GazeFlags) => {
    const { evalGaze } = await import('./still-run.js');
    await evalGaze(list, flags);
  });
}

function addCovers(evaluation: Command): void {
  const covers = evaluation
    .command('covers')
    .description('measure what is told to lie before faces on images where that is known')
    .argument('<list>', 'the list, with a header line and a column for each part: mouth, chin, nose ...')
    .addOption(subjectColumn())
    .addOption(divisions());
  addExamples(withStillOptions(covers), [
    ['mien eval covers covered.csv --images faces/', 'how much of each part is seen, 0 to 1'],
    ['mien eval covers covered.csv --by thing'],
  ]).action(async (list: string, flags: CoverFlags) => {
    const { evalCovers } = await import('./still-run.js');
    await evalCovers(list, flags);
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
  addExamples(addModelOption(withStillOptions(groups)), [
    ['mien eval groups people.csv --by sex,age', 'no labels are needed'],
    ['mien eval groups people.csv --by skin --label-column emotion'],
  ]).action(async (list: string, flags: GroupFlags) => {
    const { evalGroups } = await import('./still-run.js');
    await evalGroups(list, flags);
  });
}
