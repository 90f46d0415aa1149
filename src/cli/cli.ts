import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ERRORS } from '../domain/errors.js';
import { mienVersion } from '../package-info.js';
import { addAnalyzeCommand } from './analyze-command.js';
import { addConfigCommand } from './config-command.js';
import { errorText, failureOf } from './describe-error.js';
import { addEvalCommand } from './eval-command.js';
import { addModelsCommand } from './models-command.js';
import { addServeCommand } from './serve-command.js';
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
  addServeCommand(program, (code) => {
    exitCode = code;
  });
  addModelsCommand(program);
  addEvalCommand(program);
  addConfigCommand(program);
  addWatchCommand(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const file = argv.find((word) => word.startsWith('-') && existsSync(word));
      if (file !== undefined) console.error(`mien: ${file} is a file here: write ./${file}`);
      return ERRORS.USAGE.exitCode;
    }
    console.error(`mien: ${errorText(error)}`);
    return failureOf(error).exitCode;
  }
}
