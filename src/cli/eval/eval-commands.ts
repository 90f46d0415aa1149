import type { Command } from 'commander';
import { AffectError } from '../../domain/errors.js';
import { addAffectCommands } from './affect-commands.js';
import { addBenchmarkCommands } from './benchmark-commands.js';
import { formerOption } from './former-option.js';
import { addStillCommands } from './still-commands.js';

/** Adds the kinds of `mien eval`, each a command with its own options. */
export function addEvalCommands(evaluation: Command): void {
  evaluation
    .addOption(formerOption('--csv', 'write mien eval csv LIST'))
    .showHelpAfterError('(mien eval --help lists what can be measured)');
  addAffectCommands(evaluation);
  addStillCommands(evaluation);
  addBenchmarkCommands(evaluation);
  evaluation
    .command('cer', { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new AffectError(
        'USAGE',
        'mien eval cer is two commands now: mien eval cer-raf-db FOLDER, and mien eval cer-c-expr-db LABELS for --set c-expr-db',
      );
    });
  for (const kind of evaluation.commands)
    kind.showHelpAfterError(`(mien eval ${kind.name()} --help lists its options)`);
}
