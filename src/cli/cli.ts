import { Command, CommanderError } from 'commander';
import { AffectError, ERRORS } from '../domain/errors.js';
import { mienVersion } from '../package-info.js';
import { addAnalyzeCommand } from './analyze-command.js';
import { describeError } from './describe-error.js';
import { addEvalCommand } from './eval-command.js';
import { addModelsCommand } from './models-command.js';
import { addWatchCommand } from './watch-command.js';

/**
 * Runs the command line and returns the exit code (docs/exit-codes.md).
 *
 * @param argv - arguments after the program's name
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('mien')
    .description('Reads faces in video: movements, expression, valence and arousal over time.')
    .version(mienVersion())
    .exitOverride()
    .showHelpAfterError('(mien --help lists commands and options)');
  addAnalyzeCommand(program, (code) => {
    exitCode = code;
  });
  addModelsCommand(program);
  addEvalCommand(program);
  addWatchCommand(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ERRORS.USAGE.exitCode;
    console.error(describeError(error));
    return error instanceof AffectError ? error.exitCode : 1;
  }
}
