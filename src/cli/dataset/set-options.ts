import { type Command, Option } from 'commander';
import { MISSING_PICTURES, NEEDED_LABELS } from '../../dataset/convert.js';
import { SOURCES } from '../../dataset/sources.js';
import { UNIT_CHOICES } from '../../eval/units/au-sets.js';
import { degree, named, share, whole } from '../option-values.js';

/** Adds how a labelled set is read and which of its faces are taken. */
export function withSetOptions(command: Command): Command {
  return command
    .addOption(new Option('--from <set>', 'whose published form it has').choices(SOURCES).makeOptionMandatory())
    .addOption(
      new Option('--need <which>', 'faces with any of the labels that are wanted, or with all')
        .choices(NEEDED_LABELS)
        .default('any'),
    )
    .addOption(new Option('--images <folder>', 'folder of the images (default: that of the set)').argParser(named))
    .addOption(new Option('--sample <share>', 'share of each recording’s frames, or of the pictures').argParser(share))
    .option('--seed <n>', 'decides all that is drawn', whole(0, 2 ** 31 - 1), 1)
    .addOption(
      new Option('--units <which>', 'the units of the papers, or those shared with FEABench')
        .choices(UNIT_CHOICES)
        .default('paper'),
    )
    .addOption(
      new Option(
        '--present-from <degree>',
        'degree from which on a unit is present (default: as papers on the set)',
      ).argParser(degree),
    )
    .addOption(
      new Option(
        '--missing <what>',
        'labels without a picture (default: error; skip for affwild2 and c-expr-db)',
      ).choices(MISSING_PICTURES),
    )
    .addOption(
      new Option('--frame-image <pattern>', 'name of a frame’s image, like {subject}/{frame:5}.jpg').argParser(named),
    )
    .option('--image-column <name>', 'csv: column with the image’s path or name', 'image')
    .option('--label-column <name>', 'csv: column with the emotion or compound expression', 'label')
    .option('--subject-column <name>', 'csv: column with the person', 'subject')
    .addOption(new Option('--emotions <file>', 'faba-instruct: emotion annotations by name').argParser(named))
    .addOption(new Option('--unit-texts <file>', 'faba-instruct: action unit annotations by name').argParser(named));
}
